package org.md4j.model.layer;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Configuration of the attention half of a transformer block over patches of images ("DiT", Peebles
 * and Xie, arXiv 2212.09748, section 3.2, adaLN-Zero): inputs x [B, T, D] and cond [B, C], result
 * [B, T, D], D = heads * headSize.
 *
 * <pre>
 * (shift, scale, gate) = swish(cond) Wm + bm      Wm and bm zero at the start
 * h = LN(x) (1 + scale) + shift                   no affine parameters, 1e-6 added to the variance
 * (q, k, v) = h W + b
 * out = x + gate * softmax(q kᵀ / sqrt(headSize)) v Wo
 * </pre>
 *
 * <p>In training, dropout acts on the attention probabilities, entry by entry, and on the result by
 * whole channels of an example.
 */
public final class PatchAttentionConfiguration extends DenoiserLayerConfiguration {
  private static final long serialVersionUID = 1L;

  @JsonProperty private final int heads;
  @JsonProperty private final int headSize;
  @JsonProperty private final int conditioningWidth;
  @JsonProperty private final double dropout;

  /**
   * Makes a configuration of these sizes.
   *
   * @param conditioningWidth C, at least 1
   * @param dropout probability of dropout, in [0, 1)
   * @throws IllegalArgumentException if a number is out of its range
   */
  @JsonCreator
  public PatchAttentionConfiguration(
      @JsonProperty("heads") int heads,
      @JsonProperty("headSize") int headSize,
      @JsonProperty("conditioningWidth") int conditioningWidth,
      @JsonProperty("dropout") double dropout) {
    Patches.requirePositive("heads", heads);
    Patches.requirePositive("headSize", headSize);
    Patches.requireConditioning(conditioningWidth);
    Patches.requireDropout(dropout);
    this.heads = heads;
    this.headSize = headSize;
    this.conditioningWidth = conditioningWidth;
    this.dropout = dropout;
  }

  private int width() {
    return heads * headSize;
  }

  @Override
  ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    AdaptiveNormalization.addParameters(layout, width(), conditioningWidth, true);
    BiasedAttentionLayer.addParameters(layout, width(), false);
    return layout;
  }

  @Override
  int inputCount() {
    return 2;
  }

  @Override
  Object identity() {
    return List.of(heads, headSize, conditioningWidth, dropout);
  }

  @Override
  DenoiserLayer instantiate(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {
    return new BiasedAttentionLayer(
        this,
        heads,
        headSize,
        false,
        layer -> AdaptiveNormalization.ofImages(layer, width(), true),
        dropout,
        graph,
        name,
        index,
        parameters,
        type);
  }
}
