package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link ResidualBlockLayer}: inputs x [B, HW, inputChannels], then a second
 * image [B, HW, skipChannels] if it has channels, then cond [B, C] if conditioned.
 */
public final class ResidualBlockConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int height;
  @JsonProperty private final int width;
  @JsonProperty private final int inputChannels;
  @JsonProperty private final int skipChannels;
  @JsonProperty private final int channels;
  @JsonProperty private final int groups;
  @JsonProperty private final int conditioningWidth;
  @JsonProperty private final boolean scaleShift;
  @JsonProperty private final double dropout;

  /**
   * Makes a configuration of these sizes.
   *
   * @param skipChannels channels of the second image, 0 for none
   * @param channels channels of the result
   * @param groups groups of the group normalisations; divide both numbers of channels
   * @param conditioningWidth C, or 0 for none
   * @param scaleShift true: cond scales and shifts both normalised images; false: it adds a bias to
   *     the first convolution
   * @param dropout probability that an entry of the second activation is dropped in training
   */
  @JsonCreator
  public ResidualBlockConfiguration(
      @JsonProperty("height") int height,
      @JsonProperty("width") int width,
      @JsonProperty("inputChannels") int inputChannels,
      @JsonProperty("skipChannels") int skipChannels,
      @JsonProperty("channels") int channels,
      @JsonProperty("groups") int groups,
      @JsonProperty("conditioningWidth") int conditioningWidth,
      @JsonProperty("scaleShift") boolean scaleShift,
      @JsonProperty("dropout") double dropout) {
    if (scaleShift && conditioningWidth == 0) {
      throw new IllegalArgumentException(
          "conditioningWidth (0) must be at least 1 for a block with scaleShift");
    }
    GroupNormalization.requireGroups(groups, inputChannels + skipChannels);
    GroupNormalization.requireGroups(groups, channels);
    this.height = height;
    this.width = width;
    this.inputChannels = inputChannels;
    this.skipChannels = skipChannels;
    this.channels = channels;
    this.groups = groups;
    this.conditioningWidth = conditioningWidth;
    this.scaleShift = scaleShift;
    this.dropout = dropout;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** The channels of each input image. */
  int[] widths() {
    return skipChannels > 0 ? new int[] {inputChannels, skipChannels} : new int[] {inputChannels};
  }

  int channels() {
    return channels;
  }

  int groups() {
    return groups;
  }

  boolean conditioned() {
    return conditioningWidth > 0;
  }

  /** Tells whether cond adds a bias to the first convolution. */
  boolean addsConditioning() {
    return conditioningWidth > 0 && !scaleShift;
  }

  /**
   * The conditioning width C for the normalisations: 0 if they have gains and biases of their own.
   */
  int normalizationConditioning() {
    return scaleShift ? conditioningWidth : 0;
  }

  double dropout() {
    return dropout;
  }

  /** Tells whether the input must be projected to be added to the result. */
  boolean projected() {
    return inputChannels + skipChannels != channels;
  }

  @Override
  ParameterLayout parameterLayout() {
    int all = inputChannels + skipChannels;
    ParameterLayout layout = new ParameterLayout();
    GroupNormalization.addParameters(layout, "first", all, normalizationConditioning());
    Initialiser first = Initialiser.truncatedNormal(1, Convolution.fanIn(all));
    int[] widths = widths();
    for (int part = 0; part < widths.length; part++) {
      layout.add("firstWeight" + part, first, Convolution.kernelShape(widths[part], channels));
    }
    layout.add("firstConvolutionBias", Initialiser.zeros(), channels);
    if (addsConditioning()) {
      layout.add("conditioningWeight", Initialiser.zeros(), conditioningWidth, channels);
    }
    GroupNormalization.addParameters(layout, "second", channels, normalizationConditioning());
    layout.add("secondWeight", Initialiser.zeros(), Convolution.kernelShape(channels, channels));
    layout.add("secondConvolutionBias", Initialiser.zeros(), channels);
    if (projected()) {
      for (int part = 0; part < widths.length; part++) {
        layout.add(
            "projectionWeight" + part, Initialiser.truncatedNormal(1, all), widths[part], channels);
      }
      layout.add("projectionBias", Initialiser.zeros(), channels);
    }
    return layout;
  }

  @Override
  int inputCount() {
    return widths().length + (conditioned() ? 1 : 0);
  }

  @Override
  Object identity() {
    return List.of(
        height,
        width,
        inputChannels,
        skipChannels,
        channels,
        groups,
        conditioningWidth,
        scaleShift,
        dropout);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new ResidualBlockLayer(this, graph, name, index, parameters, type);
  }
}
