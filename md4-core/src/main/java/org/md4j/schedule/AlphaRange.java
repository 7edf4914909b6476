package org.md4j.schedule;

/** The values that alpha takes under a schedule. */
final class AlphaRange {
  /**
   * The distance beyond a schedule's range at which rounding may put an alpha computed from its own
   * log-SNR.
   */
  private static final double ROUNDING = 1e-12;

  private AlphaRange() {}

  /** Returns alpha, which must be a value of the schedule, with rounding at the ends removed. */
  static double clamped(MaskingSchedule schedule, double alpha) {
    double last = schedule.alpha(1);
    double first = schedule.alpha(0);
    if (!(alpha >= last - ROUNDING && alpha <= first + ROUNDING)) {
      throw new IllegalArgumentException(
          "alpha ("
              + alpha
              + ") must be in ["
              + last
              + ", "
              + first
              + "], the range of "
              + schedule);
    }
    return Math.min(first, Math.max(last, alpha));
  }
}
