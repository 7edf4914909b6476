package org.md4j.sampling;

import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;

/**
 * Draws rows of tokens by undoing the masking of the forward process.
 *
 * <p>Contract: a token that is not a mask in {@code start} is the same in the result; the result
 * holds no masks; row b depends on {@code start}'s row b, on {@code firstExample + b} and on the
 * seed only, so rows drawn in one call or in several are the same (to the bit, if the denoiser's
 * logits are). Implementations are immutable; a call uses the denoiser from the calling thread
 * only.
 */
public interface ReverseSampler {
  /**
   * Completes every row.
   *
   * @param denoiser a network without class labels
   * @param start [B, N]: {@link TokenBatch#allMasked} to draw from scratch, or with known tokens in
   *     place
   * @param firstExample the number of row 0 in the caller's count of rows, at least 0
   * @param random the seed
   * @param listener told after each step
   * @return [B, N], no masks
   */
  TokenBatch sample(
      Denoiser denoiser,
      TokenBatch start,
      long firstExample,
      CounterRandom random,
      SamplingListener listener);
}
