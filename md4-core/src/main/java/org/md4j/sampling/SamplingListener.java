package org.md4j.sampling;

import org.md4j.core.TokenBatch;

/** Watches rows being drawn, say to print them as they are revealed. */
@FunctionalInterface
public interface SamplingListener {
  /**
   * Called on the sampler's thread after every step, and once more if masks left over after the
   * last step have been filled, then with {@code step = steps}.
   *
   * @param step steps taken so far, in 1..steps
   * @param steps T
   * @param tokens the rows as they are now, [B, N]
   */
  void onStep(int step, int steps, TokenBatch tokens);

  /** Watches nothing. */
  static SamplingListener none() {
    return (step, steps, tokens) -> {};
  }
}
