package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Configuration of a {@link DownsamplingLayer}: input images [B, HW, channels]. */
public final class DownsamplingConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int height;
  @JsonProperty private final int width;
  @JsonProperty private final int channels;

  /**
   * Makes a configuration of these sizes.
   *
   * @param height height of the input, even
   * @param width width of the input, even
   */
  @JsonCreator
  public DownsamplingConfiguration(
      @JsonProperty("height") int height,
      @JsonProperty("width") int width,
      @JsonProperty("channels") int channels) {
    if (height % 2 != 0 || width % 2 != 0) {
      throw new IllegalArgumentException(
          "height (%d) and width (%d) must be even to be halved".formatted(height, width));
    }
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
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
    return List.of(height, width, channels);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new DownsamplingLayer(this, graph, name, index, parameters, type);
  }
}
