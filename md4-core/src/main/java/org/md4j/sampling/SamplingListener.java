package org.md4j.sampling;

import org.md4j.core.TokenBatch;

/**
 * Watches rows being drawn, say to print them as they are revealed. Called on the sampler's thread.
 *
 * <p>Rows do not depend on each other and need not keep pace: after a round one row may be at
 * another step than its neighbour. The events of a row come in the order of its steps.
 */
public interface SamplingListener {
  /** A token has been revealed. */
  default void onReveal(Reveal reveal) {}

  /** A token has been masked again. */
  default void onRemask(Remask remask) {}

  /**
   * Called after every round, that is, one call of the denoiser and what came of it.
   *
   * @param tokens the rows as they are now, [B, N]
   */
  default void onRound(TokenBatch tokens) {}

  /** Watches nothing. */
  static SamplingListener none() {
    return NoListener.NONE;
  }
}
