package org.md4j.sampling;

import org.md4j.core.TokenBatch;

/**
 * Watches rows being drawn, say to print them as they are revealed. Called on the sampler's thread.
 *
 * <p>Rows do not depend on each other and need not keep pace: after a round one row may be at
 * another step than its neighbour. The events of a row come in the order of its steps.
 */
public interface SamplingListener {
  /** Called when a token has been revealed. */
  default void onReveal(Reveal reveal) {}

  /** Called when a token has been masked again. */
  default void onRemask(Remask remask) {}

  /**
   * Called after every round, that is, one call of the denoiser and what came of it.
   *
   * @param tokens the rows as they are now, [B, N]
   */
  default void onRound(TokenBatch tokens) {}

  /** Returns a listener that is told everything after this one has been. */
  default SamplingListener andThen(SamplingListener next) {
    return new Both(this, next);
  }

  /** Returns a listener that does nothing. */
  static SamplingListener none() {
    return None.NONE;
  }

  /** The listener that does nothing. */
  enum None implements SamplingListener {
    /** The only such listener. */
    NONE
  }

  /**
   * A listener that tells everything to two others, one after the other.
   *
   * @param first told first
   * @param second told second
   */
  record Both(SamplingListener first, SamplingListener second) implements SamplingListener {
    @Override
    public void onReveal(Reveal reveal) {
      first.onReveal(reveal);
      second.onReveal(reveal);
    }

    @Override
    public void onRemask(Remask remask) {
      first.onRemask(remask);
      second.onRemask(remask);
    }

    @Override
    public void onRound(TokenBatch tokens) {
      first.onRound(tokens);
      second.onRound(tokens);
    }
  }
}
