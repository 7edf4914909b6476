package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Tensor;

/**
 * The parts before and after the core of a block: a normalisation of its input, and the way its
 * result joins the residual stream.
 *
 * <p>Kinds: adaptive, where a conditioning vector shifts, scales and gates ({@link
 * AdaptiveNormalization}); plain, with one learned scale ({@link ScaleNormalization}); by groups of
 * channels, in the middle of U-Nets.
 */
public interface BlockNormalization {
  /** The number added to the variance before its root is taken, in networks for text. */
  double EPSILON = 1e-5;

  /** Adds the parameters of a normalisation for text to a layer's layout. */
  static void addParameters(
      ParameterLayout layout, int width, int conditioningWidth, boolean gated) {
    if (conditioningWidth > 0) {
      AdaptiveNormalization.addParameters(layout, width, conditioningWidth, gated);
    } else {
      ScaleNormalization.addParameters(layout, width);
    }
  }

  /** Makes the kind that a conditioning width calls for in a network for text: 0 means none. */
  static BlockNormalization of(Layer layer, int width, int conditioningWidth, boolean gated) {
    return conditioningWidth > 0
        ? AdaptiveNormalization.ofText(layer, width, gated)
        : new ScaleNormalization(layer, width);
  }

  /**
   * Normalises the input of the block's core.
   *
   * @param x [B, N, D], not changed
   * @param conditioning [B, C], or null for the kinds without
   * @return [B, N, D], an operand of products, kept for the backward pass
   */
  Tensor forward(Tensor x, @Nullable Tensor conditioning);

  /**
   * Computes out = x + gate * channelMask * core.
   *
   * @param core [B, N, D], as x and out
   * @param channelMask [B, D] channel dropout, or null for none
   */
  void join(Tensor core, Tensor x, @Nullable Tensor channelMask, Tensor out);

  /**
   * Computes the gradient of the core's result from that of the joined result.
   *
   * @param outputGradient [B, N, D], not changed
   * @return [B, N, D], not to be changed
   */
  Tensor joinBackward(Tensor outputGradient, Tensor core);

  /**
   * Computes the gradient of x and writes those of the parameters.
   *
   * @param x as in the forward pass
   * @param normalizedGradient [B, N, D] gradient of {@link #forward}'s result, destroyed
   * @param passedGradient [B, N, D] gradient that reaches x past the block, or null for none
   * @param inputGradient [B, N, D], overwritten
   * @return the gradient of the conditioning, [B, C], or null for the kinds without
   */
  @Nullable Tensor backward(
      Tensor x, Tensor normalizedGradient, @Nullable Tensor passedGradient, Tensor inputGradient);
}
