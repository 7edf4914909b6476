package org.md4j.train;

import org.jspecify.annotations.Nullable;

/**
 * A report on one training step, after its update.
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
    double tokensPerSecond) {}
