package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns tokens into vectors (reference code b9fbf29, networks/transformer.py): {@code x =
 * E[token]}, or with a projection {@code x = E[token] W + b}. E has V + 1 rows, the last for the
 * mask. Without projection, ordinary dropout on the result in training.
 */
final class TokenEmbeddingLayer extends DenoiserLayer {
  private static final int EMBEDDING_MASK = 0;

  private final TokenEmbeddingConfiguration configuration;
  private final DropoutMasks dropout;
  private @Nullable INDArray mask;

  TokenEmbeddingLayer(
      TokenEmbeddingConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.configuration = configuration;
    this.dropout = new DropoutMasks(this, configuration.projected() ? 0 : configuration.dropout());
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    long batch = inputs[0].size(0);
    long length = inputs[0].size(1);
    long rows = batch * length;
    int width = configuration.width();
    INDArray embedded = buffers().matrix("embedded", rows, configuration.embeddingWidth());
    Operations.gatherRows(parameter("embedding"), inputs[0].reshape(rows), embedded);
    if (!configuration.projected()) {
      mask = dropout.draw(training, EMBEDDING_MASK, batch, length * width);
      if (mask != null) {
        embedded.muli(mask.reshape('c', rows, width));
      }
      return embedded.reshape('c', batch, length, width);
    }
    INDArray out = buffers().matrix("out", rows, width);
    Operations.product(embedded, parameter("projectionWeight"), out, 1, 0);
    Operations.addToRows(out, parameter("projectionBias"), out);
    return out.reshape('c', batch, length, width);
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    long rows = inputs[0].length();
    int width = configuration.width();
    double beta = context().gradientBeta();
    INDArray dOut = outputGradient.reshape('c', rows, width);
    INDArray dEmbedded;
    if (configuration.projected()) {
      INDArray embedded = buffers().matrix("embedded", rows, configuration.embeddingWidth());
      Operations.productTransposedFirst(embedded, dOut, gradient("projectionWeight"), 1, beta);
      INDArray ones = scratch().ones("ones.rows", 1, rows);
      Operations.product(ones, dOut, gradient("projectionBias").reshape(1, width), 1, beta);
      dEmbedded = scratch().matrix("embedding.dEmbedded", rows, configuration.embeddingWidth());
      Operations.productTransposedSecond(dOut, parameter("projectionWeight"), dEmbedded, 1, 0);
    } else {
      dEmbedded = mask == null ? dOut : dOut.muli(mask.reshape('c', rows, width));
    }
    EmbeddingTable.sumByToken(
        scratch(), inputs[0].reshape(rows), dEmbedded, gradient("embedding"), beta);
    return new INDArray[] {null};
  }
}
