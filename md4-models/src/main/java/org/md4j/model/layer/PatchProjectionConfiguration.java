package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link PatchProjectionLayer}: inputs x [B, T, D] with T = (H/p) (W/p), and
 * cond [B, C of cond], result [B, HW, C].
 */
public final class PatchProjectionConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int height;
  @JsonProperty private final int width;
  @JsonProperty private final int channels;
  @JsonProperty private final int patch;
  @JsonProperty private final int transformerWidth;
  @JsonProperty private final int conditioningWidth;

  /**
   * Makes a configuration of these sizes.
   *
   * @param height H, in pixels
   * @param width W, in pixels
   * @param channels C
   * @param patch p, which divides H and W
   * @param transformerWidth D
   * @param conditioningWidth the width of cond, at least 1
   * @throws IllegalArgumentException if a number is out of its range
   */
  @JsonCreator
  public PatchProjectionConfiguration(
      @JsonProperty("height") int height,
      @JsonProperty("width") int width,
      @JsonProperty("channels") int channels,
      @JsonProperty("patch") int patch,
      @JsonProperty("transformerWidth") int transformerWidth,
      @JsonProperty("conditioningWidth") int conditioningWidth) {
    Patches.requireSizes(height, width, channels, patch);
    Patches.requirePositive("transformerWidth", transformerWidth);
    Patches.requireConditioning(conditioningWidth);
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.patch = patch;
    this.transformerWidth = transformerWidth;
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

  int transformerWidth() {
    return transformerWidth;
  }

  Patches patches() {
    return new Patches(height, width, channels, patch);
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    AdaptiveNormalization.addParameters(layout, transformerWidth, conditioningWidth, false);
    int patchWidth = patches().patchWidth();
    return layout
        .add("pixelWeight", Initialiser.zeros(), transformerWidth, patchWidth)
        .add("pixelBias", Initialiser.zeros(), patchWidth);
  }

  @Override
  int inputCount() {
    return 2;
  }

  @Override
  Object identity() {
    return List.of(height, width, channels, patch, transformerWidth, conditioningWidth);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new PatchProjectionLayer(this, graph, name, index, parameters, type);
  }
}
