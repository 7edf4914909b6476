package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link TimeConditioningLayer}: inputs time features [B, C] and, if conditioned
 * on classes, class vectors [B, C].
 */
public final class TimeConditioningConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int width;
  @JsonProperty private final boolean classConditioned;

  /**
   * Makes a configuration of these sizes.
   *
   * @param width C, of the result and of each input
   * @param classConditioned whether class vectors come second
   */
  @JsonCreator
  public TimeConditioningConfiguration(
      @JsonProperty("width") int width,
      @JsonProperty("classConditioned") boolean classConditioned) {
    this.width = width;
    this.classConditioned = classConditioned;
  }

  int width() {
    return width;
  }

  @Override
  ParameterLayout parameterLayout() {
    Initialiser hidden = Initialiser.truncatedNormal(1, (long) inputCount() * width);
    ParameterLayout layout = new ParameterLayout().add("hiddenWeight", hidden, width, 4L * width);
    if (classConditioned) {
      layout.add("hiddenClassWeight", hidden, width, 4L * width);
    }
    return layout
        .add("hiddenBias", Initialiser.zeros(), 4L * width)
        .add("outputWeight", Initialiser.truncatedNormal(1, 4L * width), 4L * width, width)
        .add("outputBias", Initialiser.zeros(), width);
  }

  @Override
  int inputCount() {
    return classConditioned ? 2 : 1;
  }

  @Override
  Object identity() {
    return List.of(width, classConditioned);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new TimeConditioningLayer(this, graph, name, index, parameters, type);
  }
}
