package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parts before and after the core of a block: a normalisation of its input, and the way its
 * result joins the residual stream.
 *
 * <p>Two kinds in networks for text (reference code b9fbf29, networks/transformer.py): adaptive,
 * where a conditioning vector shifts, scales and gates ({@link AdaptiveNormalization}), and plain,
 * with one learned scale ({@link ScaleNormalization}). Rows of x belong to examples through a
 * selection matrix S of shape [R, B], S[r, b] = 1 if row r is of example b: {@code S v} spreads one
 * vector an example over its rows and {@code Sᵀ y} sums rows by example, each as one matrix
 * product.
 */
sealed interface BlockNormalization
    permits AdaptiveNormalization, GroupBlockNormalization, ScaleNormalization {
  /** The number added to the variance before its root is taken, in networks for text. */
  double EPSILON = 1e-5;

  /** Adds the parameters of a normalisation to a layer's layout. */
  static void addParameters(
      ParameterLayout layout, int width, int conditioningWidth, boolean gated) {
    if (conditioningWidth > 0) {
      AdaptiveNormalization.addParameters(layout, width, conditioningWidth, gated);
    } else {
      ScaleNormalization.addParameters(layout, width);
    }
  }

  /** Makes the kind that a conditioning width calls for in a network for text: 0 means none. */
  static BlockNormalization of(
      DenoiserLayer layer, int width, int conditioningWidth, boolean gated) {
    return conditioningWidth > 0
        ? new AdaptiveNormalization(layer, width, gated, ConditioningActivation.SIGMOID, EPSILON)
        : new ScaleNormalization(layer, width);
  }

  /**
   * Normalises the input of the block's core.
   *
   * @param x [R, D], not changed
   * @param conditioning [B, C], or null for the plain kind
   * @param selection S, [R, B]
   * @return [R, D], kept for the backward pass
   */
  INDArray forward(INDArray x, @Nullable INDArray conditioning, INDArray selection);

  /**
   * Computes out = x + gate * channelMask * core.
   *
   * @param channelMask [B, D] channel dropout, or null for none
   */
  void join(INDArray core, INDArray x, @Nullable INDArray channelMask, INDArray out);

  /**
   * Computes the gradient of the core's result from that of the joined result.
   *
   * @param outputGradient [R, D], not changed
   * @return [R, D] in scratch memory
   */
  INDArray joinBackward(INDArray outputGradient, INDArray core);

  /**
   * Adds the gradient of x to {@code inputGradient} and writes the parameters' gradients.
   *
   * @param normalizedGradient [R, D] gradient of {@link #forward}'s result, destroyed
   * @return the gradient of the conditioning, [B, C], or null for the plain kind
   */
  @Nullable INDArray backward(INDArray normalizedGradient, INDArray inputGradient);
}
