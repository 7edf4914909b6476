package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configuration of a {@link ClassEmbeddingLayer}: input labels [B], INT32. */
public final class ClassEmbeddingConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int embeddingRows;
  @JsonProperty private final int width;

  /**
   * Makes a configuration of these sizes.
   *
   * @param embeddingRows classes + 1: the null label is the last
   * @param width C
   */
  @JsonCreator
  public ClassEmbeddingConfiguration(
      @JsonProperty("embeddingRows") int embeddingRows, @JsonProperty("width") int width) {
    this.embeddingRows = embeddingRows;
    this.width = width;
  }

  int embeddingRows() {
    return embeddingRows;
  }

  int width() {
    return width;
  }

  @Override
  ParameterLayout parameterLayout() {
    return new ParameterLayout()
        .add("embedding", Initialiser.embedding(width), embeddingRows, width);
  }

  @Override
  int inputCount() {
    return 1;
  }

  @Override
  Object identity() {
    return List.of(embeddingRows, width);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new ClassEmbeddingLayer(this, graph, name, index, parameters, type);
  }
}
