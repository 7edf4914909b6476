package org.md4j.compute;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Operations on images, by ND4J. */
final class Nd4jConvolution {
  /**
   * The arguments of a convolution: kernel, strides, paddings, dilations, same size, channels last,
   * kernel [h, w, in, out].
   */
  private static final int[] CONVOLUTION = {3, 3, 1, 1, 0, 0, 1, 1, 1, 1, 0};

  private final Nd4jWork work;
  private final Nd4jElementwise elementwise;

  Nd4jConvolution(Nd4jWork work, Nd4jElementwise elementwise) {
    this.work = work;
    this.elementwise = elementwise;
  }

  /**
   * Computes a convolution by ND4J's operation itself: DL4J's ConvolutionLayer of M2.1 misses
   * oneDNN and is 13 times slower.
   */
  void convolve(Tensor x, Tensor kernel, @Nullable Tensor bias, Tensor out) {
    INDArray[] inputs =
        bias == null
            ? new INDArray[] {x.array(), kernel.array()}
            : new INDArray[] {x.array(), kernel.array(), bias.array()};
    Nd4j.exec(
        DynamicCustomOp.builder("conv2d")
            .addInputs(inputs)
            .addOutputs(out.array())
            .addIntegerArguments(CONVOLUTION)
            .build());
  }

  void convolutionGradient(
      Tensor x,
      Tensor kernel,
      Tensor dOut,
      Tensor dX,
      Tensor dKernel,
      @Nullable Tensor dBias,
      boolean accumulate) {
    // The operation overwrites.
    Tensor kernelTarget = accumulate ? work.piece(0, dKernel.shape()) : dKernel;
    DynamicCustomOp.DynamicCustomOpsBuilder operation =
        DynamicCustomOp.builder("conv2d_bp").addIntegerArguments(CONVOLUTION);
    if (dBias == null) {
      operation
          .addInputs(x.array(), kernel.array(), dOut.array())
          .addOutputs(dX.array(), kernelTarget.array());
      Nd4j.exec(operation.build());
    } else {
      Tensor biasTarget = accumulate ? work.piece(1, dBias.shape()) : dBias;
      operation
          .addInputs(x.array(), kernel.array(), biasTarget.array(), dOut.array())
          .addOutputs(dX.array(), kernelTarget.array(), biasTarget.array());
      Nd4j.exec(operation.build());
      if (accumulate) {
        elementwise.add(dBias, biasTarget, dBias);
      }
    }
    if (accumulate) {
      elementwise.add(dKernel, kernelTarget, dKernel);
    }
  }

  /** Returns the four images, [B, H, W, C] each, that a large one interleaves. */
  private static INDArray[] quarters(Tensor large) {
    long batch = large.size(0);
    long height = large.size(1) / 2;
    long width = large.size(2) / 2;
    long channels = large.size(3);
    Tensor squares = large.reshape(batch, height, 2, width, 2 * channels);
    INDArray[] quarters = new INDArray[4];
    for (int q = 0; q < quarters.length; q++) {
      quarters[q] =
          squares
              .array()
              .get(
                  NDArrayIndex.all(),
                  NDArrayIndex.all(),
                  NDArrayIndex.point(q / 2),
                  NDArrayIndex.all(),
                  NDArrayIndex.interval(q % 2 * channels, (q % 2 + 1) * channels));
    }
    return quarters;
  }

  void averagePool(Tensor x, Tensor out) {
    INDArray image = out.array();
    INDArray[] quarters = quarters(x);
    image.assign(quarters[0]);
    for (int q = 1; q < quarters.length; q++) {
      image.addi(quarters[q]);
    }
    image.muli(0.25);
  }

  void enlarge(Tensor x, Tensor out) {
    for (INDArray quarter : quarters(out)) {
      quarter.assign(x.array());
    }
  }
}
