package org.md4j.model.layer.image;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.model.layer.AttentionBlock;
import org.md4j.model.layer.BlockNormalization;
import org.md4j.model.layer.Layer;
import org.md4j.model.layer.LayerSpec;
import org.md4j.model.layer.ParameterLayout;
import org.md4j.model.layer.Place;

/**
 * Attention over the pixels of an image (the middle of the U-Net of Kingma et al., arXiv
 * 2107.00630, as MD4 uses it): x [B, HW, C] to [B, HW, C].
 *
 * <pre>
 * h = groupNorm(x)                                learned gain and bias, 1e-6 added to the variance
 * (q, k, v) = h W + b
 * out = x + softmax(q kᵀ / sqrt(C / heads)) v Wo + bo
 * </pre>
 *
 * @param channels C
 * @param heads a divisor of C
 * @param groups groups of the normalisation, a divisor of C
 */
public record SpatialAttentionLayer(int channels, int heads, int groups) implements LayerSpec {
  private static final String NORMALIZATION = "norm";

  /** Rejects numbers that are not positive or do not divide the channels. */
  public SpatialAttentionLayer {
    Requirements.requirePositive("channels", channels);
    Requirements.requirePositive("heads", heads);
    if (channels % heads != 0) {
      throw new IllegalArgumentException(
          "heads (" + heads + ") must divide the number of channels, got " + channels);
    }
    Requirements.requireGroups(groups, channels);
  }

  @Override
  public ParameterLayout parameterLayout() {
    ParameterLayout layout = new ParameterLayout();
    GroupNormalization.addParameters(layout, NORMALIZATION, channels, 0);
    BiasedAttention.addParameters(layout, channels, true);
    return layout;
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public Layer layer(Place place) {
    return new BiasedAttention(
        place,
        new AttentionBlock.Sizes(heads, channels / heads, false, 0),
        true,
        0,
        layer -> new PixelNormalization(layer, channels, groups));
  }

  /**
   * {@link GroupNormalization} with a learned gain and bias before a block's core, and a plain sum
   * after it: {@code joined = x + core}.
   */
  private static final class PixelNormalization implements BlockNormalization {
    private final Compute compute;
    private final GroupNormalization normalization;
    private final Memory normalized;

    PixelNormalization(Layer layer, int channels, int groups) {
      this.compute = layer.compute();
      this.normalization = new GroupNormalization(layer, NORMALIZATION, groups, false, channels);
      this.normalized = layer.operandMemory();
    }

    @Override
    public Tensor forward(Tensor x, @Nullable Tensor conditioning) {
      Tensor y = normalized.of(x.shape());
      normalization.forward(new Tensor[] {x}, null, null, new Tensor[] {y});
      return y;
    }

    /** {@inheritDoc} A channel mask is not supported: attention over pixels has no dropout. */
    @Override
    public void join(Tensor core, Tensor x, @Nullable Tensor channelMask, Tensor out) {
      if (channelMask != null) {
        throw new IllegalArgumentException("channelMask (given) must be null");
      }
      compute.add(core, x, out);
    }

    @Override
    public Tensor joinBackward(Tensor outputGradient, Tensor core) {
      return outputGradient;
    }

    @Override
    public @Nullable Tensor backward(
        Tensor x,
        Tensor normalizedGradient,
        @Nullable Tensor passedGradient,
        Tensor inputGradient) {
      normalization.backward(
          new Tensor[] {x},
          new Tensor[] {normalizedGradient},
          new Tensor[] {passedGradient == null ? inputGradient : normalizedGradient},
          null);
      if (passedGradient != null) {
        compute.add(normalizedGradient, passedGradient, inputGradient);
      }
      return null;
    }
  }
}
