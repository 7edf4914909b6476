package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns class labels into vectors (reference code b9fbf29, models/backward.py): {@code c =
 * E[label]}.
 *
 * <p>Deviation: E has classes + 1 rows, the reference's has classes. The last row is the null label
 * "no class", which classifier-free guidance asks about.
 *
 * <p>The gradient of E sums rows by label, as one product with the one-hot matrix [B, classes + 1].
 */
final class ClassEmbeddingLayer extends DenoiserLayer {
  private final ClassEmbeddingConfiguration configuration;

  ClassEmbeddingLayer(
      ClassEmbeddingConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.configuration = configuration;
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray out = buffers().matrix("out", inputs[0].length(), configuration.width());
    Operations.gatherRows(parameter("embedding"), inputs[0], out);
    return out;
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray oneHot =
        scratch().matrix("class.oneHot", inputs[0].length(), configuration.embeddingRows());
    Operations.oneHot(inputs[0], oneHot);
    Operations.productTransposedFirst(
        oneHot, outputGradient, gradient("embedding"), 1, context().gradientBeta());
    return new INDArray[] {null};
  }
}
