package org.md4j.train;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The learning rate of all MD4 runs: a linear warm-up, then half a cosine down to zero. {@link
 * LearningRateSchedule} has other shapes.
 *
 * <pre>
 *   lr(step) = learningRate * min(1, step / warmupSteps)
 *              * (1 + cos(pi * max(0, (step - warmupSteps) / (totalSteps - warmupSteps)))) / 2
 * </pre>
 *
 * Steps count from 0, so with a warm-up the first update changes nothing. A warm-up as long as the
 * run or longer is allowed; the rate then only rises. Past both, the rate is 0. (Reference code
 * b9fbf29, train.py.)
 *
 * @param learningRate the largest rate, above 0
 * @param warmupSteps steps until it is reached; 0 for no warm-up
 * @param totalSteps the step at which the rate is 0, at least 1
 */
public record WarmupCosineSchedule(
    @JsonProperty("learningRate") double learningRate,
    @JsonProperty("warmupSteps") int warmupSteps,
    @JsonProperty("totalSteps") int totalSteps)
    implements ISchedule {
  /** Checks every range. */
  public WarmupCosineSchedule {
    Settings.requirePositive("learningRate", learningRate);
    Settings.requireAtLeast("warmupSteps", warmupSteps, 0);
    Settings.requireAtLeast("totalSteps", totalSteps, 1);
  }

  /** The learning rate at a step, counted from 0; the epoch plays no part. */
  @Override
  public double valueAt(int iteration, int epoch) {
    return at(iteration);
  }

  /** The learning rate at a step, counted from 0. */
  public double at(int step) {
    return new LearningRateSchedule(
            learningRate,
            warmupSteps,
            totalSteps,
            RateShape.COSINE,
            OptimizerConfig.DEFAULT_COOLDOWN_SHARE)
        .at(step);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // An immutable value is its own copy.
  public WarmupCosineSchedule clone() {
    return this;
  }
}
