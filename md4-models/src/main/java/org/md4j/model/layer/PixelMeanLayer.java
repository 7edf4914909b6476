package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Takes the mean of an image's pixels, [B, HW, C] to [B, C]: the features of a classifier. */
final class PixelMeanLayer extends DenoiserLayer {
  private final int channels;

  PixelMeanLayer(
      PixelMeanConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    channels = configuration.channels();
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray x = inputs[0];
    INDArray out = buffers().matrix("out", x.size(0), channels);
    Operations.product(
        means(x.size(0), x.size(1)), x.reshape('c', x.size(0) * x.size(1), channels), out, 1, 0);
    return out.muli(1.0 / x.size(1));
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    long batch = inputs[0].size(0);
    long pixels = inputs[0].size(1);
    INDArray dX = buffers().matrix("dX", batch * pixels, channels);
    Operations.productTransposedFirst(means(batch, pixels), outputGradient, dX, 1.0 / pixels, 0);
    return new INDArray[] {dX.reshape('c', batch, pixels, channels)};
  }

  /**
   * The matrix [B, B * HW] that is 1 where a pixel is of an example; small, for the images are by
   * now.
   */
  private INDArray means(long batch, long pixels) {
    INDArray means = scratch().matrix("pixelMean", batch, batch * pixels).assign(0);
    for (long b = 0; b < batch; b++) {
      means
          .get(NDArrayIndex.point(b), NDArrayIndex.interval(b * pixels, (b + 1) * pixels))
          .assign(1);
    }
    return means;
  }
}
