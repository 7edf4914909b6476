package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configuration of a {@link PixelEmbeddingLayer}: input token ids [B, HWS], INT32. */
public final class PixelEmbeddingConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int embeddingRows;
  @JsonProperty private final int embeddingWidth;
  @JsonProperty private final int height;
  @JsonProperty private final int width;
  @JsonProperty private final int colours;
  @JsonProperty private final int channels;

  /**
   * Makes a configuration of these sizes.
   *
   * @param embeddingRows V + 1: the mask is embedded too
   * @param colours S, tokens of a pixel (its sub-pixels)
   * @param channels channels of the result
   */
  @JsonCreator
  public PixelEmbeddingConfiguration(
      @JsonProperty("embeddingRows") int embeddingRows,
      @JsonProperty("embeddingWidth") int embeddingWidth,
      @JsonProperty("height") int height,
      @JsonProperty("width") int width,
      @JsonProperty("colours") int colours,
      @JsonProperty("channels") int channels) {
    this.embeddingRows = embeddingRows;
    this.embeddingWidth = embeddingWidth;
    this.height = height;
    this.width = width;
    this.colours = colours;
    this.channels = channels;
  }

  int embeddingRows() {
    return embeddingRows;
  }

  int embeddingWidth() {
    return embeddingWidth;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  int colours() {
    return colours;
  }

  int channels() {
    return channels;
  }

  /** The channels of a pixel's embedded colours. */
  int pixelWidth() {
    return colours * embeddingWidth;
  }

  @Override
  ParameterLayout parameterLayout() {
    return new ParameterLayout()
        .add("embedding", Initialiser.embedding(embeddingWidth), embeddingRows, embeddingWidth)
        .add(
            "weight",
            Initialiser.truncatedNormal(1, Convolution.fanIn(pixelWidth())),
            Convolution.kernelShape(pixelWidth(), channels))
        .add("bias", Initialiser.zeros(), channels);
  }

  @Override
  int inputCount() {
    return 1;
  }

  @Override
  Object identity() {
    return List.of(embeddingRows, embeddingWidth, height, width, colours, channels);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new PixelEmbeddingLayer(this, graph, name, index, parameters, type);
  }
}
