package org.md4j.model.layer.image;

import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Layer;

/**
 * The known values near wanted cells, as differences from their weighted mean. A cell's J
 * neighbours are the cells of all S colours of the pixels at most {@code reach} rows and columns
 * away, J = (2 reach + 1)² S, in the order of rows, columns, colours; x_v = 2 v / (V - 1) - 1 is a
 * value as a number,
 *
 * <pre>
 * c = (the sum over known j of e_j x_j) / (PRIOR + the sum over known j of e_j)
 * d_j = x_j - c for a known neighbour, 0 for a masked one and outside the image
 * </pre>
 *
 * <p>with e_j = exp(-s²/2) at s pixels' distance, and OTHER_COLOUR times that for another colour: a
 * normalised convolution (Knutsson and Westin 1993, CVPR). Nothing here is learned.
 */
final class NearbyValues {
  /** The weight of 0, the middle of the values, which is the mean where nothing is known. */
  private static final double PRIOR = 0.02;

  private static final double OTHER_COLOUR = 0.5;

  private final Layer layer;
  private final Compute compute;
  private final int colours;
  private final int reach;

  /** x_v, and 0 for the mask, [V + 1, 1]. */
  private final Tensor numbers;

  /** 1 for a value, and 0 for the mask, [V + 1, 1]. */
  private final Tensor known;

  /** e_j for cells of each colour, S times [J, 1]. */
  private final Tensor[] weights;

  private final Memory means;
  private final Memory differences;

  NearbyValues(Layer layer, int colours, int values, int reach) {
    this.layer = layer;
    this.compute = layer.compute();
    this.colours = colours;
    this.reach = reach;
    double[] numbersOfTokens = new double[values + 1];
    double[] knownTokens = new double[values + 1];
    for (int value = 0; value < values; value++) {
      numbersOfTokens[value] = number(value, values);
      knownTokens[value] = 1;
    }
    this.numbers = layer.constant(numbersOfTokens, values + 1, 1);
    this.known = layer.constant(knownTokens, values + 1, 1);
    this.weights = new Tensor[colours];
    for (int colour = 0; colour < colours; colour++) {
      weights[colour] = layer.constant(weights(colour), count(colours, reach), 1);
    }
    this.means = layer.memory();
    this.differences = layer.memory();
  }

  /** The number J of a cell's neighbours. */
  static int count(int colours, int reach) {
    int side = 2 * reach + 1;
    return side * side * colours;
  }

  /** A value as a number, x_v; -1 for the only value. */
  static double number(int value, int values) {
    return 2.0 * value / Math.max(1, values - 1) - 1;
  }

  private double[] weights(int colour) {
    int side = 2 * reach + 1;
    double[] result = new double[count(colours, reach)];
    for (int j = 0; j < result.length; j++) {
      int row = j / colours / side - reach;
      int column = j / colours % side - reach;
      double ofDistance = Math.exp(-(row * row + column * column) / 2.0);
      result[j] = j % colours == colour ? ofDistance : OTHER_COLOUR * ofDistance;
    }
    return result;
  }

  /** What {@link #forward} found of R rows: c, [R, 1]. */
  Tensor means(long rows) {
    return means.of(rows, 1);
  }

  /** What {@link #forward} found of R rows: d, [R, J]; the caller's to destroy. */
  Tensor differences(long rows) {
    return differences.of(rows, count(colours, reach));
  }

  /**
   * Finds the means and differences of every row.
   *
   * @param tokens [B, HWS], I32
   */
  void forward(Tensor tokens, WantedPatches wanted) {
    long rows = wanted.rows();
    Tensor lines = Tensor.of(wanted.lines(reach));
    Tensor columns = Tensor.of(wanted.columns(reach));
    Tensor near = layer.scratch(rows, count(colours, reach));
    Tensor knownNear = differences(rows);
    gather(numbers, tokens, lines, columns, near);
    gather(known, tokens, lines, columns, knownNear);
    Tensor mean = means(rows);
    Tensor root = layer.scratch(rows, 1);
    for (int colour = 0; colour < colours; colour++) {
      if (wanted.hasRows(colour)) {
        compute.product(
            wanted.ofColour(near, colour), weights[colour], wanted.ofColour(mean, colour));
        compute.product(
            wanted.ofColour(knownNear, colour), weights[colour], wanted.ofColour(root, colour));
      }
    }
    compute.reciprocalRoot(root, PRIOR, root);
    compute.multiply(mean, root, mean);
    compute.multiply(mean, root, mean);
    Tensor minusMean = root;
    compute.linear(mean, -1, 0, minusMean);
    compute.multiplyAdd(knownNear, minusMean, near, knownNear);
  }

  /**
   * Gathers what a table says of the neighbours, 0 outside the image: first lines of every pixel,
   * then a column of lines for every row, which are fewer copies than neighbours.
   *
   * @param table [V + 1, 1]
   * @param lines as of {@link WantedPatches#lines}
   * @param columns as of {@link WantedPatches#columns}
   * @param out [R, J], overwritten
   */
  private void gather(Tensor table, Tensor tokens, Tensor lines, Tensor columns, Tensor out) {
    long cells = tokens.length();
    Tensor image = layer.scratch(cells + colours, 1);
    compute.gatherRows(table, tokens.reshape(cells), image.interval(0, 0, cells));
    compute.zero(image.interval(0, cells, cells + colours));
    long pixels = cells / colours;
    long width = lines.length() / pixels * colours;
    Tensor linesOfImage = layer.scratch(pixels + 1, width);
    compute.gatherRows(
        image.reshape(pixels + 1, colours),
        lines,
        linesOfImage.interval(0, 0, pixels).reshape(lines.length(), colours));
    compute.zero(linesOfImage.interval(0, pixels, pixels + 1));
    compute.gatherRows(linesOfImage, columns, out.reshape(columns.length(), width));
  }
}
