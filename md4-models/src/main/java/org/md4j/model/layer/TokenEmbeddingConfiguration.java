package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configuration of a {@link TokenEmbeddingLayer}: input tokens [B, N], INT32. */
public final class TokenEmbeddingConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int embeddingRows;
  @JsonProperty private final int embeddingWidth;
  @JsonProperty private final int width;
  @JsonProperty private final boolean projected;
  @JsonProperty private final double dropout;

  /**
   * Makes a configuration of these sizes.
   *
   * @param embeddingRows V + 1: the mask is the last
   * @param embeddingWidth width of the table
   * @param width D; equals embeddingWidth unless projected
   * @param projected whether a dense layer with bias follows the table
   * @param dropout probability that an entry of the embedding is dropped in training; not used with
   *     a projection
   */
  @JsonCreator
  public TokenEmbeddingConfiguration(
      @JsonProperty("embeddingRows") int embeddingRows,
      @JsonProperty("embeddingWidth") int embeddingWidth,
      @JsonProperty("width") int width,
      @JsonProperty("projected") boolean projected,
      @JsonProperty("dropout") double dropout) {
    if (!projected && embeddingWidth != width) {
      throw new IllegalArgumentException(
          "embeddingWidth ("
              + embeddingWidth
              + ") must equal width without a projection, got width "
              + width);
    }
    this.embeddingRows = embeddingRows;
    this.embeddingWidth = embeddingWidth;
    this.width = width;
    this.projected = projected;
    this.dropout = dropout;
  }

  int embeddingRows() {
    return embeddingRows;
  }

  int embeddingWidth() {
    return embeddingWidth;
  }

  int width() {
    return width;
  }

  boolean projected() {
    return projected;
  }

  double dropout() {
    return dropout;
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout =
        new ParameterLayout()
            .add("embedding", Initialiser.embedding(embeddingWidth), embeddingRows, embeddingWidth);
    if (projected) {
      layout
          .add(
              "projectionWeight",
              Initialiser.truncatedNormal(1, embeddingWidth),
              embeddingWidth,
              width)
          .add("projectionBias", Initialiser.zeros(), width);
    }
    return layout;
  }

  @Override
  int inputCount() {
    return 1;
  }

  @Override
  Object identity() {
    return List.of(embeddingRows, embeddingWidth, width, projected, dropout);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new TokenEmbeddingLayer(this, graph, name, index, parameters, type);
  }
}
