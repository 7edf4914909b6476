package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link FeedForwardLayer}: inputs x [B, N, D] and, if conditioned, cond [B, C].
 */
public final class FeedForwardConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int width;
  @JsonProperty private final int hiddenWidth;
  @JsonProperty private final double initialiserScale;
  @JsonProperty private final int conditioningWidth;
  @JsonProperty private final double dropout;

  /**
   * Makes a configuration of these sizes.
   *
   * @param initialiserScale variance of a weight times its fan-in at the start
   * @param conditioningWidth C, or 0 for none
   */
  @JsonCreator
  public FeedForwardConfiguration(
      @JsonProperty("width") int width,
      @JsonProperty("hiddenWidth") int hiddenWidth,
      @JsonProperty("initialiserScale") double initialiserScale,
      @JsonProperty("conditioningWidth") int conditioningWidth,
      @JsonProperty("dropout") double dropout) {
    this.width = width;
    this.hiddenWidth = hiddenWidth;
    this.initialiserScale = initialiserScale;
    this.conditioningWidth = conditioningWidth;
    this.dropout = dropout;
  }

  int width() {
    return width;
  }

  int hiddenWidth() {
    return hiddenWidth;
  }

  int conditioningWidth() {
    return conditioningWidth;
  }

  double dropout() {
    return dropout;
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    BlockNormalization.addParameters(layout, width, conditioningWidth, true);
    return layout
        .add("gateWeight", Initialiser.truncatedNormal(initialiserScale, width), width, hiddenWidth)
        .add("upWeight", Initialiser.truncatedNormal(initialiserScale, width), width, hiddenWidth)
        .add(
            "downWeight",
            Initialiser.truncatedNormal(initialiserScale, hiddenWidth),
            hiddenWidth,
            width);
  }

  @Override
  int inputCount() {
    return conditioningWidth > 0 ? 2 : 1;
  }

  @Override
  Object identity() {
    return List.of(width, hiddenWidth, initialiserScale, conditioningWidth, dropout);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new FeedForwardLayer(this, graph, name, index, parameters, type);
  }
}
