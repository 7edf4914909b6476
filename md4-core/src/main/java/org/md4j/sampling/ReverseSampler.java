package org.md4j.sampling;

import org.md4j.core.Denoiser;

/**
 * Draws rows of tokens by undoing the masking of the forward process.
 *
 * <p>Contract: a token that is not a mask in the request is the same in the result; the result
 * holds no masks; row b depends on the request's row b, its label, its number and the seed only, so
 * rows drawn in one call or in several are the same (to the bit, if the denoiser's logits are).
 * Implementations are immutable records; a call uses the denoiser from the calling thread only.
 * {@code org.md4j.contract.ReverseSamplerContract}, in the contracts jar of md4-core, holds a
 * sampler to all of this; {@link SamplingRun} is the workbench to write one with.
 *
 * <p>A time-conditioned network is told times of the schedule it was trained with, whatever the
 * sampler's grid.
 *
 * <p>{@link EventDrivenSampler} is the one to start with.
 */
public interface ReverseSampler {
  /**
   * Completes every row.
   *
   * @param denoiser a network; with classes, if the request has labels
   * @param listener told of every token as it is revealed
   */
  SamplingResult sample(Denoiser denoiser, SamplingRequest request, SamplingListener listener);

  /** Completes every row, unwatched. */
  default SamplingResult sample(Denoiser denoiser, SamplingRequest request) {
    return sample(denoiser, request, SamplingListener.none());
  }
}
