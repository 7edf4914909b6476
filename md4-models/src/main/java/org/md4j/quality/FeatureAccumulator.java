package org.md4j.quality;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mean and covariance of vectors that arrive in batches, in double and without keeping them.
 *
 * <p>Sums of squares are kept about the running mean, so a mean that is large against the spread
 * costs no digits; two accumulators merge exactly the same way a batch is added (Chan, Golub and
 * LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979).
 *
 * <p>Not safe for use by several threads: give each its own and merge them.
 */
public final class FeatureAccumulator {
  private final int width;
  private final INDArray mean;
  private final INDArray scatter;
  private long count;

  /**
   * Makes an accumulator without vectors.
   *
   * @param width F, the length of the vectors
   */
  public FeatureAccumulator(int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width (" + width + ") must be at least 1");
    }
    this.width = width;
    this.mean = Nd4j.zeros(DataType.DOUBLE, 1, width);
    this.scatter = Nd4j.zeros(DataType.DOUBLE, width, width);
  }

  /** The number of vectors added so far. */
  public long count() {
    return count;
  }

  /**
   * Adds vectors.
   *
   * @param features [B, F], FLOAT or DOUBLE, finite; not changed
   */
  public void add(INDArray features) {
    if (features.rank() != 2 || features.size(1) != width) {
      throw new IllegalArgumentException(
          "features must have shape [B, F] = [B, %d], got %s"
              .formatted(width, Arrays.toString(features.shape())));
    }
    long rows = features.size(0);
    INDArray centred = Nd4j.create(DataType.DOUBLE, new long[] {rows, width}, 'c');
    centred.assign(features);
    INDArray batchMean = Nd4j.create(DataType.DOUBLE, new long[] {1, width}, 'c');
    INDArray ones = Nd4j.ones(DataType.DOUBLE, 1, rows);
    MatrixProducts.product(ones, centred, batchMean, 1.0 / rows, 0);
    if (!Double.isFinite(batchMean.sumNumber().doubleValue())) {
      throw new IllegalArgumentException(
          "features must be finite, got NaN or infinity in a batch of " + rows);
    }
    centred.subiRowVector(batchMean);
    MatrixProducts.productTransposedFirst(centred, centred, scatter, 1, 1);
    moveMean(batchMean, rows);
  }

  /** Adds all that another accumulator holds; the other is left as it is. */
  public void merge(FeatureAccumulator other) {
    if (other.width != width) {
      throw new IllegalArgumentException(
          "width of other (" + other.width + ") must be that of this, " + width);
    }
    if (other.count > 0) {
      scatter.addi(other.scatter);
      moveMean(other.mean, other.count);
    }
  }

  /** Joins a set with this mean and size, whose scatter is in the sum already. */
  private void moveMean(INDArray otherMean, long rows) {
    long total = count + rows;
    INDArray difference = otherMean.sub(mean);
    MatrixProducts.productTransposedFirst(
        difference, difference, scatter, (double) count * rows / total, 1);
    mean.addi(difference.muli((double) rows / total));
    count = total;
  }

  /**
   * The statistics of all vectors so far, in arrays of their own.
   *
   * @param provenance origin of the vectors
   * @throws IllegalArgumentException if there are fewer than two
   */
  public FeatureStatistics statistics(FeatureProvenance provenance) {
    return new FeatureStatistics(
        provenance, count, mean.reshape(width).dup(), scatter.div(Math.max(1, count - 1)));
  }
}
