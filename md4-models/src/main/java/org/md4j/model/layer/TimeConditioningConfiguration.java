package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configuration of a {@link TimeConditioningLayer}: input time features [B, C]. */
public final class TimeConditioningConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int width;

  /** A conditioning vector of the given width C. */
  @JsonCreator
  public TimeConditioningConfiguration(@JsonProperty("width") int width) {
    this.width = width;
  }

  int width() {
    return width;
  }

  @Override
  ParameterLayout parameterLayout() {
    return new ParameterLayout()
        .add("hiddenWeight", Initialiser.truncatedNormal(1, width), width, 4L * width)
        .add("hiddenBias", Initialiser.zeros(), 4L * width)
        .add("outputWeight", Initialiser.truncatedNormal(1, 4L * width), 4L * width, width)
        .add("outputBias", Initialiser.zeros(), width);
  }

  @Override
  int inputCount() {
    return 1;
  }

  @Override
  Object identity() {
    return List.of(width);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new TimeConditioningLayer(this, graph, name, index, parameters, type);
  }
}
