package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link SelfAttentionLayer}: inputs x [B, N, D] and, if conditioned, cond [B,
 * C].
 */
public final class SelfAttentionConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int heads;
  @JsonProperty private final int headSize;
  @JsonProperty private final int conditioningWidth;
  @JsonProperty private final double dropout;
  @JsonProperty private final boolean causal;

  /**
   * Makes a configuration of these sizes.
   *
   * @param conditioningWidth C, or 0 for none
   * @param causal whether a position attends only to itself and to those before it; false in a
   *     graph saved before there was a choice
   */
  @JsonCreator
  public SelfAttentionConfiguration(
      @JsonProperty("heads") int heads,
      @JsonProperty("headSize") int headSize,
      @JsonProperty("conditioningWidth") int conditioningWidth,
      @JsonProperty("dropout") double dropout,
      @JsonProperty("causal") boolean causal) {
    this.heads = heads;
    this.headSize = headSize;
    this.conditioningWidth = conditioningWidth;
    this.dropout = dropout;
    this.causal = causal;
  }

  int heads() {
    return heads;
  }

  int headSize() {
    return headSize;
  }

  int width() {
    return heads * headSize;
  }

  int conditioningWidth() {
    return conditioningWidth;
  }

  double dropout() {
    return dropout;
  }

  boolean causal() {
    return causal;
  }

  @Override
  ParameterLayout parameterLayout() {
    int width = width();
    ParameterLayout layout = new ParameterLayout();
    BlockNormalization.addParameters(layout, width, conditioningWidth, true);
    return layout
        .add("queryKeyWeight", Initialiser.truncatedNormal(1, width), width, 2L * width)
        .add("valueWeight", Initialiser.truncatedNormal(1, width), width, width)
        .add("outputWeight", Initialiser.truncatedNormal(1, width), width, width);
  }

  @Override
  int inputCount() {
    return conditioningWidth > 0 ? 2 : 1;
  }

  @Override
  Object identity() {
    return List.of(heads, headSize, conditioningWidth, dropout, causal);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new SelfAttentionLayer(this, graph, name, index, parameters, type);
  }
}
