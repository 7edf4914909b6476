package org.md4j.compute;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.md4j.compute.OneDnnPrimitives.Call;
import org.md4j.compute.OneDnnPrimitives.Operation;

/**
 * Convolutions of rows with a kernel for every channel, as oneDNN primitives: depthwise
 * convolutions of images one pixel high, without padding, of rows that lie in frames of zeros, [B,
 * N + w - 1, D].
 *
 * <p>With frames every length, kernel and padding has fast code; oneDNN's own padding has it only
 * up to four positions. The gradient of the rows is the convolution of the result's with the kernel
 * reversed. The frames are in 32 bits, which their copies convert to.
 */
final class OneDnnRowConvolution {
  /** The most taps of a kernel that oneDNN has fast code for the gradient of. */
  private static final long MOST_TAPS = 3;

  /** The strides of a convolution. */
  private static final long[] ONE = {1, 1};

  /** Its paddings on either side. */
  private static final long[] NONE = {0, 0};

  private final OneDnnPrimitives primitives;
  private final Memory framedRows = new Memory(Element.F32);
  private final Memory framedGradient = new Memory(Element.F32);
  private final Memory reversedKernel = new Memory(Element.F32);

  /** A result before it is rounded. */
  private final Memory unrounded = new Memory(Element.F32);

  OneDnnRowConvolution(OneDnnPrimitives primitives) {
    this.primitives = primitives;
  }

  void convolve(Tensor x, Tensor kernel, int before, Tensor out) {
    Tensor framed = framed(x, before, kernel.size(0), framedRows);
    if (out.element() == Element.F32) {
      convolveFramed(framed, kernel, out);
    } else {
      Tensor exact = unrounded.of(out.shape());
      convolveFramed(framed, kernel, exact);
      primitives.copy(exact, out);
    }
  }

  void gradient(
      Tensor x,
      Tensor kernel,
      int before,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      boolean accumulate) {
    long taps = kernel.size(0);
    long after = taps - 1 - before;
    Tensor rows = framed(x, before, taps, framedRows);
    Tensor gradients = framed(dOut, after, taps, framedGradient);
    kernelGradient(
        flat(rows),
        flat(gradients).interval(0, after, after + flat(rows).size(0) - (taps - 1)),
        dKernel,
        accumulate);
    convolveFramed(gradients, reversed(kernel), dX);
  }

  /** Copies rows into frames of zeros, each after so many: [B, N, D] to [B, N + w - 1, D]. */
  private Tensor framed(Tensor x, long before, long taps, Memory memory) {
    long length = x.size(1);
    Tensor framed = memory.of(x.size(0), length + taps - 1, x.size(2));
    primitives.zero(framed);
    primitives.copy(x, framed.interval(1, before, before + length));
    return framed;
  }

  private static Tensor flat(Tensor framed) {
    return framed.reshape(framed.size(0) * framed.size(1), framed.size(2));
  }

  private Tensor reversed(Tensor kernel) {
    long taps = kernel.size(0);
    Tensor reversed = reversedKernel.of(kernel.shape());
    for (long j = 0; j < taps; j++) {
      primitives.copy(kernel.interval(0, j, j + 1), reversed.interval(0, taps - 1 - j, taps - j));
    }
    return reversed;
  }

  /** Rows as images one pixel high: example, channel, row, column. */
  private static Tensor image(Tensor rows) {
    return rows.reshape(rows.size(0), 1, rows.size(1), rows.size(2)).permute(0, 3, 1, 2);
  }

  /** A kernel as oneDNN counts its dimensions: group, result, argument, row, column. */
  private static Tensor weights(Tensor kernel) {
    return kernel.reshape(1, 1, 1, kernel.size(0), kernel.size(1)).permute(4, 0, 1, 2, 3);
  }

  private convolution_forward.primitive_desc forward(Tensor image, Tensor weights, Tensor result) {
    return new convolution_forward.primitive_desc(
        primitives.processor(),
        dnnl.prop_kind.forward_training,
        dnnl.algorithm.convolution_direct,
        primitives.description(image),
        OneDnnConvolution.anyLayout(weights, Element.F32),
        primitives.description(result),
        ONE.clone(),
        NONE.clone(),
        NONE.clone());
  }

  /** Computes out[b, n] = the sum over j of kernel[j] framed[b, n + j]. */
  private void convolveFramed(Tensor framed, Tensor kernel, Tensor out) {
    primitives.run(
        new Operation("convolveRows", framed, kernel, out, null, 0),
        () -> {
          Tensor weights = weights(kernel);
          convolution_forward.primitive_desc description =
              primitives.noted(forward(image(framed), weights, image(out)));
          memory packed = new memory(description.weights_desc(), primitives.processor());
          return new Call(
              primitives.reorderStep(primitives.handle(weights).contents(), packed),
              primitives.step(
                  new convolution_forward(description),
                  primitives
                      .arguments()
                      .with(DNNL_ARG_SRC, image(framed))
                      .with(DNNL_ARG_WEIGHTS, packed)
                      .with(DNNL_ARG_DST, image(out))));
        });
  }

  private record KernelGradient(boolean accumulate) {}

  /**
   * Computes dKernel[j] = the sum over m of rows[m + j] gradients[m], a few taps at a time, over
   * the frames of all examples as one row: between them gradients are zero.
   */
  private void kernelGradient(Tensor rows, Tensor gradients, Tensor dKernel, boolean accumulate) {
    long count = gradients.size(0);
    long width = gradients.size(1);
    for (long j = 0; j < dKernel.size(0); j += MOST_TAPS) {
      long taps = Math.min(MOST_TAPS, dKernel.size(0) - j);
      Tensor moved = rows.interval(0, j, j + count + taps - 1);
      Tensor dTaps = dKernel.interval(0, j, j + taps);
      primitives.run(
          new Operation(new KernelGradient(accumulate), moved, gradients, dTaps, null, 0),
          () ->
              kernelGradientCall(
                  image(moved.reshape(1, count + taps - 1, width)),
                  image(gradients.reshape(1, count, width)),
                  weights(dTaps),
                  accumulate));
    }
  }

  private Call kernelGradientCall(
      Tensor image, Tensor dResult, Tensor dWeights, boolean accumulate) {
    convolution_backward_weights.primitive_desc description =
        primitives.noted(
            new convolution_backward_weights.primitive_desc(
                primitives.processor(),
                dnnl.algorithm.convolution_direct,
                primitives.description(image),
                OneDnnConvolution.anyLayout(dWeights, Element.F32),
                primitives.description(dResult),
                ONE.clone(),
                NONE.clone(),
                NONE.clone(),
                forward(image, dWeights, dResult)));
    memory packed = new memory(description.diff_weights_desc(), primitives.processor());
    return new Call(
        primitives.step(
            new convolution_backward_weights(description),
            primitives
                .arguments()
                .with(DNNL_ARG_SRC, image)
                .with(DNNL_ARG_DIFF_DST, dResult)
                .with(DNNL_ARG_DIFF_WEIGHTS, packed)),
        primitives.addedStep(packed, primitives.handle(dWeights).contents(), accumulate));
  }
}
