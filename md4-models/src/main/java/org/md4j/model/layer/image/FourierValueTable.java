package org.md4j.model.layer.image;

import java.util.Arrays;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;

/**
 * A {@link ValueTable} whose rows know their neighbours: a learned linear map of Fourier features
 * of a value, a vector of the mask's own, and an indicator of the mask in the last column,
 *
 * <pre>
 * row_v = [f(v) W + b, 0]     f(v) = [sin(pi x), cos(pi x), sin(2 pi x), cos(2 pi x), .., sin(2^(K-1) pi x), cos(2^(K-1) pi x), 2 x - 1]
 * row_V = [mask, 1]           x = v / (V - 1), and 0 for a single value
 * </pre>
 *
 * <p>W, b and mask are the rows of one parameter, so that the table is one product with what is
 * fixed, F [V + 1, 2 K + 3]: the features, a column that is 1 at values and one that is 1 at the
 * mask. All of it starts like a linear layer of 2 K + 1 inputs.
 *
 * <p>Source: the sines and cosines are the positional encoding of NeRF (Mildenhall et al., arXiv
 * 2003.08934, section 5.1), of a value in place of a coordinate.
 *
 * <p>Deviation: the paper's networks and the reference code have a learned table.
 */
final class FourierValueTable implements ValueTable {
  private static final String PARAMETER = "featureWeight";

  private final Layer layer;
  private final Compute compute;
  private final int rows;
  private final int embeddingWidth;
  private final Parameter weight;
  private final Tensor features;
  private final Memory table;
  private final Memory operand;

  /**
   * Makes a table within a layer.
   *
   * @param rows V + 1
   * @param embeddingWidth E, entries of a row but the last
   * @param octaves K, at least 1
   */
  FourierValueTable(Layer layer, int rows, int embeddingWidth, int octaves) {
    this.layer = layer;
    this.compute = layer.compute();
    this.rows = rows;
    this.embeddingWidth = embeddingWidth;
    this.weight = layer.parameter(PARAMETER);
    this.features = layer.constant(features(rows - 1, octaves), rows, 2L * octaves + 3);
    this.table = layer.memory();
    this.operand = compute.operand() == compute.element() ? table : layer.operandMemory();
    writeIndicator();
  }

  static void addParameters(ParameterLayout layout, int embeddingWidth, int octaves) {
    layout.add(
        PARAMETER,
        Initialiser.truncatedNormal(1, 2L * octaves + 1),
        2L * octaves + 3,
        embeddingWidth);
  }

  static int width(int embeddingWidth) {
    return embeddingWidth + 1;
  }

  /** F, [V + 1, 2 K + 3], row by row. */
  private static double[] features(int values, int octaves) {
    int width = 2 * octaves + 3;
    double[] features = new double[(values + 1) * width];
    for (int value = 0; value < values; value++) {
      double x = (double) value / Math.max(1, values - 1);
      int row = value * width;
      for (int k = 0; k < octaves; k++) {
        double angle = Math.PI * Math.scalb(x, k);
        features[row + 2 * k] = Math.sin(angle);
        features[row + 2 * k + 1] = Math.cos(angle);
      }
      features[row + 2 * octaves] = 2 * x - 1;
      features[row + 2 * octaves + 1] = 1;
    }
    features[features.length - 1] = 1;
    return features;
  }

  private Tensor table() {
    return table.of(rows, width(embeddingWidth));
  }

  /** Returns all columns but the indicator's, a view. */
  private Tensor learned(Tensor wide) {
    return wide.interval(1, 0, embeddingWidth);
  }

  /** The last column is written once: the products of the forward passes leave it alone. */
  private void writeIndicator() {
    Tensor all = table();
    compute.zero(all);
    compute.write(
        (from, piece) -> Arrays.fill(piece, 1),
        all.interval(0, rows - 1L, rows).interval(1, embeddingWidth, embeddingWidth + 1L));
  }

  @Override
  public Tensor forward() {
    Tensor all = table();
    compute.product(features, weight.value(), learned(all));
    Tensor rounded = operand.of(all.shape());
    layer.round(all, rounded);
    return rounded;
  }

  @Override
  public void backward(Tensor rowNumbers, Tensor rowGradients) {
    Tensor gradient = layer.scratch(table().shape());
    compute.zero(gradient);
    compute.addToRows(rowGradients, rowNumbers, gradient);
    compute.product(
        features.transposed(), learned(gradient), weight.gradient(), 1, layer.accumulating());
  }
}
