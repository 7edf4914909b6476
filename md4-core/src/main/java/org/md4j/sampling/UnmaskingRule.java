package org.md4j.sampling;

import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;

/**
 * The probability with which a masked token is revealed in a step from t to s.
 *
 * <p>{@link #ANCESTRAL} is exact for every step size; the other two integrate the rate {@code
 * weight(t)} at which tokens are revealed as if it were constant over the step. For the linear
 * schedule ancestral and Euler steps are the same.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (17) and algorithm 2, and for the other two the
 * discretisations of Campbell et al., arXiv 2205.14987, and Lou et al., arXiv 2310.16834.
 */
public enum UnmaskingRule {
  /** Takes exact steps: {@code (alpha(s) - alpha(t)) / (1 - alpha(t))}. */
  ANCESTRAL {
    @Override
    double over(MaskingSchedule schedule, double s, double t) {
      return new ForwardProcess(schedule).unmaskProbability(s, t);
    }
  },

  /** Takes Euler steps: {@code (t - s) weight(t)}, at most 1. */
  EULER {
    @Override
    double over(MaskingSchedule schedule, double s, double t) {
      return Math.min(1, (t - s) * schedule.weight(t));
    }
  },

  /** Leaps at a constant rate of reveals: {@code 1 - exp(-(t - s) weight(t))}. */
  TAU_LEAPING {
    @Override
    double over(MaskingSchedule schedule, double s, double t) {
      return -Math.expm1(-(t - s) * schedule.weight(t));
    }
  };

  /**
   * The probability of being revealed between t and s.
   *
   * @param s in [0, t)
   * @param t in (s, 1]
   * @return in [0, 1]
   */
  public double probability(MaskingSchedule schedule, double s, double t) {
    if (!(0 <= s && s < t && t <= 1)) {
      throw new IllegalArgumentException(
          "s (" + s + ") and t (" + t + ") must satisfy 0 <= s < t <= 1");
    }
    return over(schedule, s, t);
  }

  abstract double over(MaskingSchedule schedule, double s, double t);
}
