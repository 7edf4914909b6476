package org.md4j.model.layer;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Turns tokens into images (reference code b9fbf29, networks/unet.py): every colour of every pixel
 * is embedded, the embeddings of a pixel's colours lie beside each other, and a 3x3 convolution
 * makes them the first image. The table has V + 1 rows, the last for the mask.
 */
final class PixelEmbeddingLayer extends DenoiserLayer {
  private final PixelEmbeddingConfiguration configuration;
  private final Convolution convolution;

  PixelEmbeddingLayer(
      PixelEmbeddingConfiguration configuration,
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      DataType type) {
    super(configuration, graph, name, index, parameters, type);
    this.configuration = configuration;
    this.convolution =
        new Convolution(
            this,
            "weight",
            "bias",
            configuration.height(),
            configuration.width(),
            configuration.pixelWidth(),
            configuration.channels());
  }

  @Override
  INDArray forward(INDArray[] inputs, boolean training) {
    INDArray embedded = embedded(inputs);
    Operations.gatherRows(parameter("embedding"), inputs[0].reshape(inputs[0].length()), embedded);
    long pixels = pixels();
    long batch = inputs[0].size(0);
    INDArray out =
        buffers()
            .matrix("out", batch * pixels, configuration.channels())
            .reshape('c', batch, pixels, configuration.channels());
    convolution.forward(embedded.reshape('c', batch, pixels, configuration.pixelWidth()), out);
    return out;
  }

  private long pixels() {
    return (long) configuration.height() * configuration.width();
  }

  /** Embeds the tokens, [M, embeddingWidth]. */
  private INDArray embedded(INDArray[] inputs) {
    return buffers().matrix("embedded", inputs[0].length(), configuration.embeddingWidth());
  }

  @Override
  @Nullable INDArray[] backward(INDArray[] inputs, INDArray outputGradient) {
    INDArray tokens = inputs[0].reshape(inputs[0].length());
    INDArray embedded = embedded(inputs);
    INDArray dEmbedded =
        scratch().matrix("pixels.dEmbedded", tokens.length(), configuration.embeddingWidth());
    long[] image = {inputs[0].size(0), pixels(), configuration.pixelWidth()};
    convolution.backward(
        embedded.reshape('c', image), outputGradient, dEmbedded.reshape('c', image));
    EmbeddingTable.sumByToken(
        scratch(), tokens, dEmbedded, gradient("embedding"), context().gradientBeta());
    return new INDArray[] {null};
  }
}
