package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A 3x3 convolution of images [B, HW, C] that keeps their size: what lies outside an image is zero.
 * The kernel's order is row, column, input channel, output channel.
 *
 * <p>Calls ND4J's operation itself: DL4J's ConvolutionLayer of M2.1 misses oneDNN and is 13 times
 * slower.
 */
final class Convolution {
  private static final int SIZE = 3;

  /**
   * The operation's arguments: kernel, strides, paddings, dilations, same size, channels last,
   * kernel [h, w, in, out].
   */
  private static final int[] ARGUMENTS = {SIZE, SIZE, 1, 1, 0, 0, 1, 1, 1, 1, 0};

  private final DenoiserLayer layer;
  private final String weight;
  private final @Nullable String bias;
  private final int height;
  private final int width;
  private final int inputChannels;
  private final int outputChannels;

  /**
   * Makes a convolution within a layer.
   *
   * @param weight name of the kernel
   * @param bias name of the bias, or null for none
   */
  Convolution(
      DenoiserLayer layer,
      String weight,
      @Nullable String bias,
      int height,
      int width,
      int inputChannels,
      int outputChannels) {
    this.layer = layer;
    this.weight = weight;
    this.bias = bias;
    this.height = height;
    this.width = width;
    this.inputChannels = inputChannels;
    this.outputChannels = outputChannels;
  }

  /** The number of inputs of one output, for an initialiser. */
  static long fanIn(int inputChannels) {
    return (long) SIZE * SIZE * inputChannels;
  }

  /** The shape of a kernel. */
  static long[] kernelShape(int inputChannels, int outputChannels) {
    return new long[] {SIZE, SIZE, inputChannels, outputChannels};
  }

  INDArray image(INDArray x, int channels) {
    return x.reshape('c', x.size(0), height, width, channels);
  }

  /**
   * Computes out = convolution of x + bias.
   *
   * @param x [B, HW, inputChannels]
   * @param out [B, HW, outputChannels]
   */
  void forward(INDArray x, INDArray out) {
    INDArray image = image(x, inputChannels);
    INDArray kernel = layer.parameter(weight);
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d")
            .addInputs(
                bias == null
                    ? new INDArray[] {image, kernel}
                    : new INDArray[] {image, kernel, layer.parameter(bias)})
            .addOutputs(image(out, outputChannels))
            .addIntegerArguments(ARGUMENTS)
            .build());
  }

  /**
   * Writes the gradients of kernel and bias, and that of x.
   *
   * @param x input as in the forward pass
   * @param outGradient [B, HW, outputChannels], not changed
   * @param inputGradient [B, HW, inputChannels], overwritten
   */
  void backward(INDArray x, INDArray outGradient, INDArray inputGradient) {
    INDArray image = image(x, inputChannels);
    INDArray given = image(outGradient, outputChannels);
    INDArray wanted = image(inputGradient, inputChannels);
    INDArray weightGradient = target(layer.gradient(weight), "convolution.dWeight");
    DynamicCustomOp.DynamicCustomOpsBuilder operation =
        DynamicCustomOp.builder("conv2d_bp").addIntegerArguments(ARGUMENTS);
    if (bias == null) {
      operation.addInputs(image, layer.parameter(weight), given).addOutputs(wanted, weightGradient);
      Nd4j.exec(operation.build());
    } else {
      INDArray biasGradient = target(layer.gradient(bias), "convolution.dBias");
      operation
          .addInputs(image, layer.parameter(weight), layer.parameter(bias), given)
          .addOutputs(wanted, weightGradient, biasGradient);
      Nd4j.exec(operation.build());
      finish(layer.gradient(bias), biasGradient);
    }
    finish(layer.gradient(weight), weightGradient);
  }

  /** The memory to which the operation, which overwrites, is to write a parameter's gradient. */
  private INDArray target(INDArray gradient, String name) {
    return layer.context().gradientBeta() == 0
        ? gradient
        : layer.scratch().matrix(name, 1, gradient.length()).reshape('c', gradient.shape());
  }

  private static void finish(INDArray gradient, INDArray target) {
    if (target != gradient) {
      gradient.addi(target);
    }
  }
}
