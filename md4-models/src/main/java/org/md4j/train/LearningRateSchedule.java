package org.md4j.train;

import java.util.Objects;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A learning rate as a function of the step: a linear warm-up, then down to zero in some {@link
 * RateShape}. With p = (step - warmupSteps) / (totalSteps - warmupSteps),
 *
 * <pre>
 *   lr(step) = learningRate * step / warmupSteps             before warmupSteps, then
 *              learningRate * (1 + cos(pi p)) / 2            COSINE
 *              learningRate * (1 - p)                        LINEAR
 *              learningRate * min(1, (totalSteps - step) / cooldown)    WARMUP_STABLE_DECAY,
 *                      cooldown = min(cooldownShare * totalSteps, totalSteps - warmupSteps)
 * </pre>
 *
 * Steps count from 0, so with a warm-up the first update changes nothing. A warm-up as long as the
 * run or longer is allowed; the rate then only rises. Past both, the rate is 0.
 *
 * @param learningRate the largest rate, above 0
 * @param warmupSteps steps until it is reached; 0 for no warm-up
 * @param totalSteps the step at which the rate is 0, at least 1
 * @param shape how it falls
 * @param cooldownShare share of all steps, in (0, 1], in which a WARMUP_STABLE_DECAY falls; without
 *     effect on the other shapes
 */
public record LearningRateSchedule(
    @JsonProperty("learningRate") double learningRate,
    @JsonProperty("warmupSteps") int warmupSteps,
    @JsonProperty("totalSteps") int totalSteps,
    @JsonProperty("shape") RateShape shape,
    @JsonProperty("cooldownShare") double cooldownShare)
    implements ISchedule {
  /** Checks every range. */
  public LearningRateSchedule {
    Settings.requirePositive("learningRate", learningRate);
    Settings.requireAtLeast("warmupSteps", warmupSteps, 0);
    Settings.requireAtLeast("totalSteps", totalSteps, 1);
    Objects.requireNonNull(shape, "shape");
    Settings.requireShare("cooldownShare", cooldownShare);
  }

  /** The learning rate at a step, counted from 0; the epoch plays no part. */
  @Override
  public double valueAt(int iteration, int epoch) {
    return at(iteration);
  }

  /** The learning rate at a step, counted from 0. */
  public double at(int step) {
    if (step < warmupSteps) {
      return learningRate * step / warmupSteps;
    }
    if (step >= totalSteps) {
      return 0;
    }
    return learningRate * shape.factor(step, warmupSteps, totalSteps, cooldownShare);
  }

  @Override
  @SuppressWarnings("MethodDoesntCallSuperMethod") // An immutable value is its own copy.
  public LearningRateSchedule clone() {
    return this;
  }
}
