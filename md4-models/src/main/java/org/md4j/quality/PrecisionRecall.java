package org.md4j.quality;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The share of what is generated that looks real (precision) and of what is real that can be
 * generated (recall).
 *
 * <p>A set of vectors stands for the union of balls about each of them that reach its k-th nearest
 * neighbour within the set. Precision is the share of generated vectors in the balls of the real
 * ones, recall the share of real vectors in the balls of the generated ones.
 *
 * <p>Source: Kynkäänniemi et al., "Improved precision and recall metric for assessing generative
 * models" (arXiv 1904.06991), section 2; k = 3 there. Both depend on the sizes of the sets: compare
 * only values from sets of equal sizes.
 *
 * @param precision precision, in [0, 1]
 * @param recall recall, in [0, 1]
 * @param neighbours k
 */
public record PrecisionRecall(double precision, double recall, int neighbours) {
  /** The number k of neighbours that the paper uses. */
  public static final int USUAL_NEIGHBOURS = 3;

  /** Rejects numbers outside [0, 1]. */
  public PrecisionRecall {
    if (!(precision >= 0 && precision <= 1 && recall >= 0 && recall <= 1)) {
      throw new IllegalArgumentException(
          "precision (%s) and recall (%s) must be in [0, 1]".formatted(precision, recall));
    }
    requireNeighbours(neighbours);
  }

  /**
   * Compares two sets of vectors.
   *
   * @param real [M1, F], M1 above k
   * @param generated [M2, F], M2 above k
   * @param neighbours k, at least 1; {@link #USUAL_NEIGHBOURS} in the literature
   */
  public static PrecisionRecall of(INDArray real, INDArray generated, int neighbours) {
    requireNeighbours(neighbours);
    requireVectors("real", real, neighbours);
    requireVectors("generated", generated, neighbours);
    if (real.size(1) != generated.size(1)) {
      throw new IllegalArgumentException(
          "generated must have the features of real, F = %d, got F = %d"
              .formatted(real.size(1), generated.size(1)));
    }
    double[] realRadii = squaredRadii(real, neighbours);
    double[] generatedRadii = squaredRadii(generated, neighbours);
    boolean[] realCovered = new boolean[realRadii.length];
    boolean[] generatedCovered = new boolean[generatedRadii.length];
    SquaredDistances.visit(
        real,
        generated,
        (row, firstColumn, distances, offset, count) -> {
          for (int j = 0; j < count; j++) {
            double distance = distances[offset + j];
            int column = firstColumn + j;
            generatedCovered[column] |= distance <= realRadii[row];
            realCovered[row] |= distance <= generatedRadii[column];
          }
        });
    return new PrecisionRecall(share(generatedCovered), share(realCovered), neighbours);
  }

  /**
   * Computes the squared distance of every vector to its k-th nearest neighbour other than itself.
   */
  private static double[] squaredRadii(INDArray vectors, int neighbours) {
    double[][] nearest = new double[(int) vectors.size(0)][neighbours];
    for (double[] row : nearest) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    SquaredDistances.visit(
        vectors,
        vectors,
        (row, firstColumn, distances, offset, count) -> {
          for (int j = 0; j < count; j++) {
            if (firstColumn + j != row) {
              insert(nearest[row], distances[offset + j]);
            }
          }
        });
    return Arrays.stream(nearest).mapToDouble(row -> row[neighbours - 1]).toArray();
  }

  /** Keeps the smallest values seen, ascending. */
  private static void insert(double[] smallest, double value) {
    int place = smallest.length - 1;
    if (value >= smallest[place]) {
      return;
    }
    while (place > 0 && smallest[place - 1] > value) {
      smallest[place] = smallest[place - 1];
      place--;
    }
    smallest[place] = value;
  }

  private static double share(boolean[] covered) {
    int count = 0;
    for (boolean one : covered) {
      count += one ? 1 : 0;
    }
    return (double) count / covered.length;
  }

  private static void requireNeighbours(int neighbours) {
    if (neighbours < 1) {
      throw new IllegalArgumentException("neighbours (" + neighbours + ") must be at least 1");
    }
  }

  private static void requireVectors(String name, INDArray vectors, int neighbours) {
    if (vectors.rank() != 2 || vectors.size(0) <= neighbours) {
      throw new IllegalArgumentException(
          "%s must have shape [M, F] with M above %d neighbours, got %s"
              .formatted(name, neighbours, Arrays.toString(vectors.shape())));
    }
    if (!Double.isFinite(vectors.sumNumber().doubleValue())) {
      throw new IllegalArgumentException(name + " must be finite, got NaN or infinity");
    }
  }
}
