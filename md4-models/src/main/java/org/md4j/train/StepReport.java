package org.md4j.train;

import org.jspecify.annotations.Nullable;

/**
 * A report on one training step, after its update, or after it was found to have none.
 *
 * @param step steps done, this one included
 * @param bitsPerToken the batch's estimate of the negative ELBO, reconstruction and prior included
 * @param learningRate learning rate of this step's update
 * @param gradientNorm global norm of the gradient of bits per token, before clipping
 * @param schedule the schedule after the update, or null for an objective that learns none
 * @param seconds the step took
 * @param tokensPerSecond B * N / seconds
 */
public record StepReport(
    int step,
    double bitsPerToken,
    double learningRate,
    double gradientNorm,
    @Nullable ScheduleReport schedule,
    double seconds,
    double tokensPerSecond) {
  /**
   * Tells whether loss or gradient was not finite, and the parameters are what they were before.
   */
  public boolean isSkipped() {
    return !Double.isFinite(bitsPerToken) || !Double.isFinite(gradientNorm);
  }
}
