package org.md4j.train;

/**
 * A report on a finished run. Times are of this run alone: after a resume, of the steps since.
 *
 * @param steps done in all, those before a resume included
 * @param validBits bits per token of the last evaluation
 * @param validStandardError its standard error
 * @param trainSeconds spent in steps, without evaluations and checkpoints
 * @param medianStepSeconds NaN if no step was done
 * @param tokensPerSecond B * N * steps / trainSeconds; NaN if no step was done
 * @param parameters number of parameters of the network
 */
public record TrainingSummary(
    int steps,
    double validBits,
    double validStandardError,
    double trainSeconds,
    double medianStepSeconds,
    double tokensPerSecond,
    long parameters) {}
