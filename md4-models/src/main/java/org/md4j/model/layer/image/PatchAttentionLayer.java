package org.md4j.model.layer.image;

import org.md4j.model.layer.AdaptiveNormalization;
import org.md4j.model.layer.AttentionBlock;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;
import org.md4j.model.layer.ShortConvolution;

/**
 * The attention half of a transformer block over patches of images ("DiT", Peebles and Xie, arXiv
 * 2212.09748, section 3.2, adaLN-Zero): x [B, T, D] and cond [B, C] to [B, T, D], D = heads *
 * headSize.
 *
 * <pre>
 * (shift, scale, gate) = swish(cond) Wm + bm      Wm and bm zero at the start
 * h = LN(x) (1 + scale) + shift                   no affine parameters, 1e-6 added to the variance
 * (q, k, v) = h W + b                             with a short convolution h + c * h in place of h
 * out = x + gate * softmax(q kᵀ / sqrt(headSize)) v Wo
 * </pre>
 *
 * <p>In training, dropout acts on the attention probabilities, entry by entry, and on the result by
 * whole channels of an example.
 *
 * @param conditioningWidth C, at least 1
 * @param dropout probability of dropout, in [0, 1)
 * @param shortConvolution taps w of the {@link ShortConvolution} over patches in their order, odd,
 *     or 0 for none
 */
public record PatchAttentionLayer(
    int heads, int headSize, int conditioningWidth, double dropout, int shortConvolution)
    implements LayerSpec {
  /** Rejects numbers out of their range. */
  public PatchAttentionLayer {
    Requirements.requirePositive("heads", heads);
    Requirements.requirePositive("headSize", headSize);
    Requirements.requireConditioning(conditioningWidth);
    Requirements.requireDropout(dropout);
  }

  private int width() {
    return heads * headSize;
  }

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    AdaptiveNormalization.addParameters(layout, width(), conditioningWidth, true);
    BiasedAttention.addParameters(layout, width(), false);
    ShortConvolution.addParameters(layout, shortConvolution, width());
    return layout;
  }

  @Override
  public int inputCount() {
    return 2;
  }

  @Override
  public Layer layer(Place place) {
    return new BiasedAttention(
        place,
        new AttentionBlock.Sizes(heads, headSize, true, dropout),
        false,
        shortConvolution,
        layer -> AdaptiveNormalization.ofImages(layer, width(), true));
  }
}
