package org.md4j.model.layer;

import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * A short convolution over positions, by which the core of a block reads every position together
 * with its neighbours (known from Hyena, arXiv 2302.10866, Mamba, arXiv 2312.00752, and others):
 *
 * <pre>
 * out = h + c * h
 * (c * h)[b, n, d] = the sum over j of c[j, d] h[b, n + j - before, d]
 * </pre>
 *
 * <p>Every channel has a kernel of its own, c is [w, D] with odd w, and there is no bias. What lies
 * outside a row is zero, and rows do not meet. A position reads (w - 1) / 2 positions on either
 * side of it; if causal, the w - 1 before it and itself. Entries of c start normal of standard
 * deviation 0.3.
 */
public final class ShortConvolution {
  /** The greatest width of a kernel. */
  public static final int WIDEST = 31;

  private static final String KERNEL = "convolutionKernel";
  private static final double INITIAL_DEVIATION = 0.3;

  private final Layer layer;
  private final int before;
  private final Parameter kernel;
  private final Memory taps;
  private final Memory convolved;

  /**
   * Makes the convolution of a layer that has its parameters.
   *
   * @param taps w, odd
   * @param causal whether a position reads only itself and those before it
   */
  public ShortConvolution(Layer layer, int taps, boolean causal) {
    this.layer = layer;
    this.before = causal ? taps - 1 : taps / 2;
    this.kernel = layer.parameter(KERNEL);
    this.taps = layer.memory();
    this.convolved = layer.operandMemory();
  }

  /**
   * Adds the kernel c [w, D] to a layer's layout. After all others, it changes the initial value of
   * none.
   *
   * @param taps w, odd, or 0 for no convolution and no kernel
   * @throws IllegalArgumentException if taps is not what {@link #requireWidth} asks for
   */
  public static void addParameters(ParameterLayout layout, int taps, int width) {
    requireWidth("taps", taps);
    if (taps > 0) {
      layout.add(KERNEL, Initialiser.normal(INITIAL_DEVIATION), taps, width);
    }
  }

  /**
   * Checks the width of a kernel.
   *
   * @param name what the width is called where it is set
   * @param width w
   * @throws IllegalArgumentException if it is neither 0, for no convolution, nor odd, positive and
   *     at most {@link #WIDEST}
   */
  public static void requireWidth(String name, int width) {
    boolean odd = width > 0 && width % 2 == 1;
    if (width != 0 && (!odd || width > WIDEST)) {
      throw new IllegalArgumentException(
          "%s (%d) must be 0 for none, or odd and at most %d".formatted(name, width, WIDEST));
    }
  }

  /**
   * Computes out.
   *
   * @param h [B, N, D], an operand of products, kept unchanged until the backward pass
   * @return [B, N, D], likewise, in the layer's own memory
   */
  Tensor forward(Tensor h) {
    Tensor out = convolved.of(h.shape());
    layer.compute().convolveRows(h, withItself(), before, out);
    return out;
  }

  /** The kernel of h + c * h, which is c and 1 more where a position reads itself. */
  private Tensor withItself() {
    Tensor sum = taps.of(kernel.value().shape());
    layer.compute().copy(kernel.value(), sum);
    Tensor itself = sum.interval(0, before, before + 1L);
    layer.compute().linear(itself, 1, 1, itself);
    return sum;
  }

  /**
   * Turns the gradient of out into that of h, in place, and writes the kernel's.
   *
   * @param h as in the forward pass
   * @param gradient [B, N, D]
   */
  void backward(Tensor h, Tensor gradient) {
    Tensor sum = taps.of(kernel.value().shape());
    layer
        .compute()
        .rowConvolutionGradient(
            h, sum, before, gradient, gradient, kernel.gradient(), layer.accumulating());
  }
}
