package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of attention over the pixels of an image (the middle of the U-Net of Kingma et al.,
 * arXiv 2107.00630, as MD4 uses it): input x [B, HW, C], result [B, HW, C].
 *
 * <pre>
 * h = groupNorm(x)                                learned gain and bias, 1e-6 added to the variance
 * (q, k, v) = h W + b
 * out = x + softmax(q kᵀ / sqrt(C / heads)) v Wo + bo
 * </pre>
 */
public final class SpatialAttentionConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int channels;
  @JsonProperty private final int heads;
  @JsonProperty private final int groups;

  /**
   * Makes a configuration of these sizes.
   *
   * @param channels C
   * @param heads a divisor of C
   * @param groups groups of the normalisation, a divisor of C
   * @throws IllegalArgumentException if a number is out of its range
   */
  @JsonCreator
  public SpatialAttentionConfiguration(
      @JsonProperty("channels") int channels,
      @JsonProperty("heads") int heads,
      @JsonProperty("groups") int groups) {
    Patches.requirePositive("channels", channels);
    Patches.requirePositive("heads", heads);
    if (channels % heads != 0) {
      throw new IllegalArgumentException(
          "heads (" + heads + ") must divide the number of channels, got " + channels);
    }
    GroupNormalization.requireGroups(groups, channels);
    this.channels = channels;
    this.heads = heads;
    this.groups = groups;
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    GroupBlockNormalization.addParameters(layout, channels);
    BiasedAttentionLayer.addParameters(layout, channels, true);
    return layout;
  }

  @Override
  int inputCount() {
    return 1;
  }

  @Override
  Object identity() {
    return List.of(channels, heads, groups);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new BiasedAttentionLayer(
        this,
        heads,
        channels / heads,
        true,
        layer -> new GroupBlockNormalization(layer, channels, groups),
        0,
        graph,
        name,
        index,
        parameters,
        type);
  }
}
