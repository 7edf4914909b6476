package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link PixelHeadLayer}: inputs wanted positions [P], x [B, HW, channels] and,
 * if conditioned, cond [B, C].
 */
public final class PixelHeadConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int height;
  @JsonProperty private final int width;
  @JsonProperty private final int channels;
  @JsonProperty private final int colours;
  @JsonProperty private final int vocabularySize;
  @JsonProperty private final int groups;
  @JsonProperty private final int conditioningWidth;

  /**
   * Makes a configuration of these sizes.
   *
   * @param colours S, tokens of a pixel (its sub-pixels)
   * @param vocabularySize V
   * @param groups groups of the group normalisation
   * @param conditioningWidth C if cond scales and shifts the normalised image, else 0
   */
  @JsonCreator
  public PixelHeadConfiguration(
      @JsonProperty("height") int height,
      @JsonProperty("width") int width,
      @JsonProperty("channels") int channels,
      @JsonProperty("colours") int colours,
      @JsonProperty("vocabularySize") int vocabularySize,
      @JsonProperty("groups") int groups,
      @JsonProperty("conditioningWidth") int conditioningWidth) {
    GroupNormalization.requireGroups(groups, channels);
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.colours = colours;
    this.vocabularySize = vocabularySize;
    this.groups = groups;
    this.conditioningWidth = conditioningWidth;
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

  int colours() {
    return colours;
  }

  int vocabularySize() {
    return vocabularySize;
  }

  int groups() {
    return groups;
  }

  int conditioningWidth() {
    return conditioningWidth;
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    GroupNormalization.addParameters(layout, "norm", channels, conditioningWidth);
    return layout
        .add(
            "logitWeight",
            Initialiser.zeros(),
            Convolution.kernelShape(channels, colours * vocabularySize))
        .add("logitBias", Initialiser.zeros(), (long) colours * vocabularySize);
  }

  @Override
  int inputCount() {
    return conditioningWidth > 0 ? 3 : 2;
  }

  @Override
  Object identity() {
    return List.of(height, width, channels, colours, vocabularySize, groups, conditioningWidth);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new PixelHeadLayer(this, graph, name, index, parameters, type);
  }
}
