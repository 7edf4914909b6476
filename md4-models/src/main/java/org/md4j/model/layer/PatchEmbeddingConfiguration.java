package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of a {@link PatchEmbeddingLayer}: input x [B, HW, C], result [B, T, D] with T =
 * (H/p) (W/p).
 *
 * <p>The table of positions is trained. It starts as sines and cosines: the first half of the D
 * channels tells the patch's row y, the second its column x, each {@code [sin(y f_i)..., cos(y
 * f_i)...]} with {@code f_i = 10000^(-i/n)}, i = 0..n-1, n = D/4; y and x count patches from 0.
 */
public final class PatchEmbeddingConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int height;
  @JsonProperty private final int width;
  @JsonProperty private final int channels;
  @JsonProperty private final int patch;
  @JsonProperty private final int transformerWidth;

  /**
   * Makes a configuration of these sizes.
   *
   * @param height H, in pixels
   * @param width W, in pixels
   * @param channels C
   * @param patch p, which divides H and W
   * @param transformerWidth D, a multiple of 4
   * @throws IllegalArgumentException if a number is out of its range
   */
  @JsonCreator
  public PatchEmbeddingConfiguration(
      @JsonProperty("height") int height,
      @JsonProperty("width") int width,
      @JsonProperty("channels") int channels,
      @JsonProperty("patch") int patch,
      @JsonProperty("transformerWidth") int transformerWidth) {
    Patches.requireSizes(height, width, channels, patch);
    Patches.requirePositive("transformerWidth", transformerWidth);
    if (transformerWidth % 4 != 0) {
      throw new IllegalArgumentException(
          "transformerWidth ("
              + transformerWidth
              + ") must be a multiple of 4: sine and cosine of y and of x");
    }
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.patch = patch;
    this.transformerWidth = transformerWidth;
  }

  int transformerWidth() {
    return transformerWidth;
  }

  Patches patches() {
    return new Patches(height, width, channels, patch);
  }

  @Override
  ParameterLayout parameterLayout() {
    int patchWidth = patches().patchWidth();
    return new ParameterLayout()
        .add(
            "patchWeight", Initialiser.truncatedNormal(1, patchWidth), patchWidth, transformerWidth)
        .add("patchBias", Initialiser.zeros(), transformerWidth)
        .add(
            "position",
            Initialiser.sinusoids(width / patch, transformerWidth),
            patches().count(),
            transformerWidth);
  }

  @Override
  int inputCount() {
    return 1;
  }

  @Override
  Object identity() {
    return List.of(height, width, channels, patch, transformerWidth);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new PatchEmbeddingLayer(this, graph, name, index, parameters, type);
  }
}
