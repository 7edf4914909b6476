package org.md4j.likelihood;

import org.md4j.schedule.MaskingSchedule;

/** The time at which a schedule shows, on average, as much as is visible. */
final class MatchedTime {
  private MatchedTime() {}

  /**
   * The t with {@code alpha(t) = visible / all}, or the nearer end of the schedule's range.
   *
   * @param visible in 0..all
   * @param all at least 1
   */
  static double of(MaskingSchedule schedule, int visible, int all) {
    double alpha = (double) visible / all;
    return schedule.inverseAlpha(Math.max(schedule.alpha(1), Math.min(schedule.alpha(0), alpha)));
  }
}
