package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link LogitHeadLayer}: inputs positions [P], INT32, x [B, N, D] and, if
 * conditioned, cond [B, C].
 */
public final class LogitHeadConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int width;
  @JsonProperty private final int vocabularySize;
  @JsonProperty private final int conditioningWidth;

  /**
   * Makes a configuration of these sizes.
   *
   * @param conditioningWidth C, or 0 for none
   */
  @JsonCreator
  public LogitHeadConfiguration(
      @JsonProperty("width") int width,
      @JsonProperty("vocabularySize") int vocabularySize,
      @JsonProperty("conditioningWidth") int conditioningWidth) {
    this.width = width;
    this.vocabularySize = vocabularySize;
    this.conditioningWidth = conditioningWidth;
  }

  int width() {
    return width;
  }

  int vocabularySize() {
    return vocabularySize;
  }

  int conditioningWidth() {
    return conditioningWidth;
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    BlockNormalization.addParameters(layout, width, conditioningWidth, false);
    return layout.add("logitWeight", Initialiser.zeros(), width, vocabularySize);
  }

  @Override
  int inputCount() {
    return conditioningWidth > 0 ? 3 : 2;
  }

  @Override
  Object identity() {
    return List.of(width, vocabularySize, conditioningWidth);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new LogitHeadLayer(this, graph, name, index, parameters, type);
  }
}
