package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Doubles images: every pixel becomes 2x2 equal pixels. */
final class UpsamplingLayer extends DenoiserLayer {
  private final QuarterViews quarters;

  UpsamplingLayer(
      UpsamplingConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    quarters =
        new QuarterViews(configuration.height(), configuration.width(), configuration.channels());
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray out = quarters.large(buffers(), "out", inputs[0].size(0));
    INDArray image = quarters.image(inputs[0]);
    for (INDArray part : quarters.of(out)) {
      part.assign(image);
    }
    return out;
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray dX = quarters.small(buffers(), "dX", outputGradient.size(0));
    INDArray image = quarters.image(dX);
    INDArray[] parts = quarters.of(outputGradient);
    image.assign(parts[0]);
    for (int part = 1; part < parts.length; part++) {
      image.addi(parts[part]);
    }
    return new INDArray[] {dX};
  }
}
