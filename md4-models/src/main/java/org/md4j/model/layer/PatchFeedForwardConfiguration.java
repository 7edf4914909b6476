package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link PatchFeedForwardLayer}: inputs x [B, T, D] and cond [B, C], result [B,
 * T, D].
 */
public final class PatchFeedForwardConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int width;
  @JsonProperty private final int hiddenWidth;
  @JsonProperty private final int conditioningWidth;
  @JsonProperty private final double dropout;

  /**
   * Makes a configuration of these sizes.
   *
   * @param width D
   * @param hiddenWidth F
   * @param conditioningWidth C, at least 1
   * @param dropout probability of dropout, in [0, 1)
   * @throws IllegalArgumentException if a number is out of its range
   */
  @JsonCreator
  public PatchFeedForwardConfiguration(
      @JsonProperty("width") int width,
      @JsonProperty("hiddenWidth") int hiddenWidth,
      @JsonProperty("conditioningWidth") int conditioningWidth,
      @JsonProperty("dropout") double dropout) {
    Patches.requirePositive("width", width);
    Patches.requirePositive("hiddenWidth", hiddenWidth);
    Patches.requireConditioning(conditioningWidth);
    Patches.requireDropout(dropout);
    this.width = width;
    this.hiddenWidth = hiddenWidth;
    this.conditioningWidth = conditioningWidth;
    this.dropout = dropout;
  }

  int width() {
    return width;
  }

  int hiddenWidth() {
    return hiddenWidth;
  }

  double dropout() {
    return dropout;
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    AdaptiveNormalization.addParameters(layout, width, conditioningWidth, true);
    return layout
        .add("hiddenWeight", Initialiser.truncatedNormal(1, width), width, hiddenWidth)
        .add("hiddenBias", Initialiser.zeros(), hiddenWidth)
        .add("outputWeight", Initialiser.truncatedNormal(1, hiddenWidth), hiddenWidth, width)
        .add("outputBias", Initialiser.zeros(), width);
  }

  @Override
  int inputCount() {
    return 2;
  }

  @Override
  Object identity() {
    return List.of(width, hiddenWidth, conditioningWidth, dropout);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new PatchFeedForwardLayer(this, graph, name, index, parameters, type);
  }
}
