package org.md4j.model.layer.image;

import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Initialiser;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.Parameter;
import org.md4j.model.layer.ParameterLayout;

/**
 * A {@link LogitKernel} with a smooth part: for each colour, with W [9 C, V] the free part and U [9
 * C, K] the weights of K cosines over the values,
 *
 * <pre>
 * kernel = W + 4 U B'      B [V, K], B_vk = cos(pi k v / (V - 1)), and 1 for a single value
 * </pre>
 *
 * <p>so that {@code logit_v = w_v h + b_v + 4 sum over k of cos(pi k v / (V - 1)) u_k h}: what is
 * learned about one value is learned about its neighbours at once, and the free part remains for
 * what is not smooth, such as black and white. The kernel is computed once a forward pass, which
 * makes the smooth part cost nothing for each wanted logit; with dKernel, that of W is dKernel and
 * that of U is 4 dKernel B. W and U start at zero.
 *
 * <p>Deviation: the paper's networks and the reference code have a free kernel.
 */
final class SmoothLogitKernel implements LogitKernel {
  private static final String PARAMETER = "smoothLogitWeight";

  /** The step of the smooth part against that of the free one. */
  private static final double SCALE = 4;

  private final Layer layer;
  private final Compute compute;
  private final int colours;
  private final int values;
  private final int cosines;
  private final Parameter free;
  private final Parameter smooth;

  /** B', [K, V]. */
  private final Tensor basis;

  private final Memory kernel;

  /**
   * Makes a kernel within a layer.
   *
   * @param free the free part
   * @param values V, values of a colour
   * @param cosines K, at least 1
   */
  SmoothLogitKernel(Layer layer, Parameter free, int colours, int values, int cosines) {
    this.layer = layer;
    this.compute = layer.compute();
    this.colours = colours;
    this.values = values;
    this.cosines = cosines;
    this.free = free;
    this.smooth = layer.parameter(PARAMETER);
    this.basis = layer.constant(basis(values, cosines), cosines, values);
    this.kernel = layer.operandMemory();
  }

  static void addParameters(ParameterLayout layout, int channels, int colours, int cosines) {
    layout.add(
        PARAMETER, Initialiser.zeros(), Convolution.kernelShape(channels, colours * cosines));
  }

  private static double[] basis(int values, int cosines) {
    double[] basis = new double[cosines * values];
    for (int k = 0; k < cosines; k++) {
      for (int value = 0; value < values; value++) {
        basis[k * values + value] = Math.cos(Math.PI * k * value / Math.max(1, values - 1));
      }
    }
    return basis;
  }

  private Tensor freeColour(Tensor kernels, int colour) {
    return LogitKernel.ofColour(LogitKernel.matrix(kernels), colour, values);
  }

  private Tensor smoothColour(Tensor kernels, int colour) {
    return LogitKernel.ofColour(LogitKernel.matrix(kernels), colour, cosines);
  }

  @Override
  public Tensor forward() {
    Tensor rounded = operand();
    Tensor sum = layer.unrounded(rounded);
    compute.copy(free.value(), sum);
    for (int colour = 0; colour < colours; colour++) {
      compute.product(
          smoothColour(smooth.value(), colour), basis, freeColour(sum, colour), SCALE, true);
    }
    layer.round(sum, rounded);
    return rounded;
  }

  @Override
  public Tensor operand() {
    return kernel.of(free.value().shape());
  }

  /** {@inheritDoc} What accumulates is first written apart: of it alone follows that of U. */
  @Override
  public Target target() {
    return new Target(
        layer.accumulating() ? layer.scratch(free.value().shape()) : free.gradient(), false);
  }

  @Override
  public void backward(Target written) {
    Tensor gradient = written.kernel();
    for (int colour = 0; colour < colours; colour++) {
      compute.product(
          freeColour(gradient, colour),
          basis.transposed(),
          smoothColour(smooth.gradient(), colour),
          SCALE,
          layer.accumulating());
    }
    if (layer.accumulating()) {
      compute.add(free.gradient(), gradient, free.gradient());
    }
  }
}
