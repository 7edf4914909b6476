package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configuration of a {@link PixelMeanLayer}: input images [B, HW, channels]. */
public final class PixelMeanConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int channels;

  /** Makes a configuration of so many channels. */
  @JsonCreator
  public PixelMeanConfiguration(@JsonProperty("channels") int channels) {
    this.channels = channels;
  }

  int channels() {
    return channels;
  }

  @Override
  ParameterLayout parameterLayout() {
    return new ParameterLayout();
  }

  @Override
  int inputCount() {
    return 1;
  }

  @Override
  Object identity() {
    return List.of(channels);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new PixelMeanLayer(this, graph, name, index, parameters, type);
  }
}
