package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Halves images: every pixel of the result is the mean of 2x2 pixels. */
final class DownsamplingLayer extends DenoiserLayer {
  private static final double SHARE = 0.25;

  private final QuarterViews quarters;

  DownsamplingLayer(
      DownsamplingConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    quarters =
        new QuarterViews(
            configuration.height() / 2, configuration.width() / 2, configuration.channels());
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray x = inputs[0];
    INDArray out = quarters.small(buffers(), "out", x.size(0));
    INDArray image = quarters.image(out);
    INDArray[] parts = quarters.of(x);
    image.assign(parts[0]);
    for (int part = 1; part < parts.length; part++) {
      image.addi(parts[part]);
    }
    return out.muli(SHARE);
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray dX = quarters.large(buffers(), "dX", outputGradient.size(0));
    INDArray share = quarters.image(outputGradient.muli(SHARE));
    for (INDArray part : quarters.of(dX)) {
      part.assign(share);
    }
    return new INDArray[] {dX};
  }
}
