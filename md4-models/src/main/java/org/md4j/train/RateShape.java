package org.md4j.train;

/**
 * Shapes of a learning rate after its warm-up, which all end at zero with the run; {@link
 * LearningRateSchedule} has the rate itself.
 */
public enum RateShape {
  /** Half a cosine: the shape of all MD4 runs (reference code b9fbf29, train.py). */
  COSINE,

  /** A straight line. */
  LINEAR,

  /**
   * Constant, then a straight line over the last share of the run (the name is of Hu et al., arXiv
   * 2404.06395; the line of Hägele et al., arXiv 2405.18392).
   */
  WARMUP_STABLE_DECAY;

  /**
   * The share of the largest rate.
   *
   * @param step in [warmupSteps, totalSteps)
   * @param cooldownShare share of all steps in the last part of {@link #WARMUP_STABLE_DECAY}, which
   *     begins no sooner than the warm-up ends
   */
  double factor(int step, int warmupSteps, int totalSteps, double cooldownShare) {
    double progress = (double) (step - warmupSteps) / (totalSteps - warmupSteps);
    return switch (this) {
      case COSINE -> 0.5 * (1 + Math.cos(Math.PI * progress));
      case LINEAR -> 1 - progress;
      case WARMUP_STABLE_DECAY ->
          Math.min(
              1,
              (totalSteps - step) / Math.min(cooldownShare * totalSteps, totalSteps - warmupSteps));
    };
  }
}
