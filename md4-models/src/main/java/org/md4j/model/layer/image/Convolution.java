package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.Parameter;

/**
 * A 3x3 convolution of images [B, HW, C] that keeps their size: what lies outside an image is zero.
 * The kernel's order is row, column, input channel, output channel.
 *
 * @param kernel [3, 3, in, out]
 * @param bias [out], or null for none
 */
record Convolution(
    Compute compute, Parameter kernel, @Nullable Parameter bias, int height, int width) {
  private static final int SIZE = 3;

  /** The number of inputs of one output, for an initialiser. */
  static long fanIn(int inputChannels) {
    return (long) SIZE * SIZE * inputChannels;
  }

  /** The shape of a kernel. */
  static long[] kernelShape(int inputChannels, int outputChannels) {
    return new long[] {SIZE, SIZE, inputChannels, outputChannels};
  }

  private Tensor image(Tensor x) {
    long pixels = (long) height * width;
    return x.reshape(x.size(0), height, width, x.length() / (x.size(0) * pixels));
  }

  /**
   * Computes out = convolution of x + bias.
   *
   * @param x [B, HW, in], an operand
   * @param out [B, HW, out]
   */
  void forward(Tensor x, Tensor out) {
    compute.convolve(image(x), kernel.operand(), bias == null ? null : bias.value(), image(out));
  }

  /**
   * Writes the gradients of kernel and bias, and that of x.
   *
   * @param x input as in the forward pass
   * @param outGradient [B, HW, out], an operand, not changed
   * @param inputGradient [B, HW, in], overwritten
   */
  void backward(Tensor x, Tensor outGradient, Tensor inputGradient, boolean accumulate) {
    compute.convolutionGradient(
        image(x),
        kernel.operand(),
        image(outGradient),
        image(inputGradient),
        kernel.gradient(),
        bias == null ? null : bias.gradient(),
        accumulate);
  }
}
