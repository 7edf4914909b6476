package org.md4j.train;

import org.md4j.schedule.StateDependentSchedule;

/**
 * The range of the weights at t = 1 that a learned schedule has given to the token values, which
 * for {@link org.md4j.schedule.LearnedPolynomialSchedule} are the powers w.
 *
 * @param least least weight of all token values
 * @param mean over token values, each counted once
 * @param greatest greatest weight of all token values
 */
public record ScheduleReport(double least, double mean, double greatest) {
  /** Reports on a schedule. */
  public static ScheduleReport of(StateDependentSchedule schedule) {
    int size = schedule.vocabulary().size();
    double least = Double.POSITIVE_INFINITY;
    double greatest = 0;
    double sum = 0;
    for (int token = 0; token < size; token++) {
      double weight = schedule.weight(1, token);
      least = Math.min(least, weight);
      greatest = Math.max(greatest, weight);
      sum += weight;
    }
    return new ScheduleReport(least, sum / size, greatest);
  }
}
