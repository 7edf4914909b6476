package org.md4j.model.layer.image;

import org.md4j.compute.Activation;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.ParameterLayout;

/**
 * The part of a cell's logits that has a peak, at a value predicted from the known values near by.
 * With h what the logits look at, the activated 3x3 patch of a pixel, h0 the middle of it, and mean
 * c and differences d_j of {@link NearbyValues},
 *
 * <pre>
 * peak_v = -sqrt(1 + z_v²)                               z_v = a (x_v - m)
 * m = c + p h + p0 + the sum over j of (w_j h0 + w0_j) d_j
 * a = A / (1 + (A - 1) exp(-4 (s h + s0)))               A = 2 (V - 1), at least 2
 * </pre>
 *
 * <p>The network thus chooses, for every cell anew, the weights of a linear prediction m, and how
 * sharp the peak is, a. Through the softmax it becomes a hyperbolic distribution (Barndorff-Nielsen
 * 1977, Proc. R. Soc. A 353), round near m and falling exponentially beyond; the other parts of the
 * logits change it where values are distributed otherwise. All parameters start at zero, and then
 * the prediction is the mean and a is 1: the logits of two values differ by 1.24 at most.
 *
 * <p>Source: weights of neighbours that a network predicts are those of kernel-predicting networks
 * (Bako et al. 2017, ACM TOG 36(4); Mildenhall et al., arXiv 1712.02327); here they predict what is
 * masked.
 *
 * <p>Deviation: the paper's networks and the reference code have nothing like it.
 */
final class ValuePeak {
  private static final String WEIGHTS = "neighbour";
  private static final String SHAPE = "peak";

  /** The outputs of a peak's shape: what is added to its place, and its sharpness. */
  private static final int SHAPE_WIDTH = 2;

  /** The step of the sharpness against that of the other parameters. */
  private static final double SHARPNESS_SCALE = 4;

  private final Layer layer;
  private final Compute compute;
  private final int values;
  private final NearbyValues nearby;

  /** Gives the weights of neighbours, w_j h0 + w0_j. */
  private final ColourLinear weights;

  /** Gives p h + p0 and s h + s0. */
  private final ColourLinear shape;

  /** A. */
  private final double mostSharpness;

  /** What takes the first or the second of two columns, [2, 1] each. */
  private final Tensor first;

  private final Tensor second;

  /** x_v over -1, so that z = [a, a m] lines, [2, V]. */
  private final Tensor lines;

  /** m, [R, 1]. */
  private final Memory predictions;

  /** a / A, [R, 1]. */
  private final Memory sharpnesses;

  /** z / sqrt(1 + z²), [R, V]. */
  private final Memory slopes;

  /**
   * Makes the part of a head.
   *
   * @param values V, values of a colour
   * @param reach rows and columns to the furthest neighbours, at least 1
   */
  ValuePeak(Layer layer, int colours, int values, int reach) {
    this.layer = layer;
    this.compute = layer.compute();
    this.values = values;
    this.nearby = new NearbyValues(layer, colours, values, reach);
    int neighbours = NearbyValues.count(colours, reach);
    this.weights = ColourLinear.of(layer, WEIGHTS, colours, neighbours);
    this.shape = ColourLinear.of(layer, SHAPE, colours, SHAPE_WIDTH);
    this.mostSharpness = 2.0 * Math.max(1, values - 1);
    this.first = layer.constant(new double[] {1, 0}, 2, 1);
    this.second = layer.constant(new double[] {0, 1}, 2, 1);
    double[] rows = new double[2 * values];
    for (int value = 0; value < values; value++) {
      rows[value] = NearbyValues.number(value, values);
      rows[values + value] = -1;
    }
    this.lines = layer.constant(rows, 2, values);
    this.predictions = layer.memory();
    this.sharpnesses = layer.memory();
    this.slopes = layer.memory();
  }

  static void addParameters(ParameterLayout layout, int channels, int colours, int reach) {
    int neighbours = NearbyValues.count(colours, reach);
    ColourLinear.addParameters(layout, WEIGHTS, channels, colours, neighbours);
    long patch = Convolution.fanIn(channels);
    ColourLinear.addParameters(layout, SHAPE, patch, colours, SHAPE_WIDTH);
  }

  /**
   * Computes the peak of every row.
   *
   * @param tokens [B, HWS], I32
   * @param patches activated patches, [R, 9 C], an operand
   * @param roots [R, V], overwritten, of no use after
   * @param out [R, V], overwritten
   */
  void forward(Tensor tokens, WantedPatches wanted, Tensor patches, Tensor roots, Tensor out) {
    long rows = wanted.rows();
    nearby.forward(tokens, wanted);
    Tensor differences = nearby.differences(rows);
    Tensor w = layer.scratch(differences.shape());
    weights.forward(wanted, middle(patches), w, false);
    Tensor shapes = layer.scratch(rows, SHAPE_WIDTH);
    shape.forward(wanted, patches, shapes, false);
    Tensor m = predictions.of(rows, 1);
    compute.multiply(w, differences, w);
    compute.sumColumns(w, m);
    compute.add(m, nearby.means(rows), m);
    compute.product(shapes, first, m, 1, true);
    Tensor sharpness = sharpnesses.of(rows, 1);
    compute.product(shapes, second, sharpness, SHARPNESS_SCALE, false);
    compute.linear(sharpness, 1, -Math.log(mostSharpness - 1), sharpness);
    compute.activate(Activation.LOGISTIC, sharpness, sharpness);
    Tensor a = layer.scratch(rows, 1);
    compute.linear(sharpness, mostSharpness, 0, a);
    Tensor product = layer.scratch(rows, 1);
    compute.multiply(a, m, product);
    Tensor z = slopes.of(out.shape());
    compute.product(beside(a, product), lines, z);
    compute.multiply(z, z, out);
    compute.reciprocalRoot(out, 1, roots);
    compute.multiplyAdd(out, roots, roots, out);
    compute.linear(out, -1, 0, out);
    compute.multiply(z, roots, z);
  }

  /** Returns two columns beside each other, [R, 2]. */
  private Tensor beside(Tensor x, Tensor y) {
    Tensor both = layer.scratch(x.size(0), 2);
    compute.product(x, first.transposed(), both);
    compute.product(y, second.transposed(), both, 1, true);
    return both;
  }

  /**
   * Writes the gradients of the parameters, and adds to that of the patches.
   *
   * @param patches as in the forward pass
   * @param dLogits gradient of the logits, [R, V], not changed
   * @param dPatches [R, 9 C], added to
   */
  void backward(WantedPatches wanted, Tensor patches, Tensor dLogits, Tensor dPatches) {
    long rows = wanted.rows();
    Tensor minusDz = slopes.of(rows, values);
    compute.multiply(minusDz, dLogits, minusDz);
    Tensor sharpness = sharpnesses.of(rows, 1);
    Tensor dBoth = layer.scratch(rows, 2);
    compute.product(minusDz, lines.transposed(), dBoth, -1, false);
    Tensor dProduct = layer.scratch(rows, 1);
    compute.product(dBoth, second, dProduct);
    Tensor dM = layer.scratch(rows, 1);
    compute.multiply(dProduct, sharpness, dM);
    compute.linear(dM, mostSharpness, 0, dM);
    Tensor dSharpness = dProduct;
    compute.multiply(dProduct, predictions.of(rows, 1), dSharpness);
    compute.product(dBoth, first, dSharpness, 1, true);
    compute.linear(dSharpness, mostSharpness * SHARPNESS_SCALE, 0, dSharpness);
    compute.activationGradient(Activation.LOGISTIC, sharpness, dSharpness, dSharpness);
    Tensor dShapes = beside(dM, dSharpness);
    Tensor dWeights = nearby.differences(rows);
    compute.multiply(dWeights, dM, dWeights);
    weights.backward(wanted, middle(patches), dWeights, middle(dPatches), true);
    shape.backward(wanted, patches, dShapes, dPatches, true);
  }

  /** Returns the middle pixels of patches [R, 9 C], [R, C], a view. */
  private static Tensor middle(Tensor patches) {
    long channels = patches.size(1) / WantedPatches.TAPS;
    long from = WantedPatches.TAPS / 2 * channels;
    return patches.interval(1, from, from + channels);
  }
}
