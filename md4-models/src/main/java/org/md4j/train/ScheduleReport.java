package org.md4j.train;

import org.md4j.schedule.StateDependentSchedule;

/**
 * The range of what a learned schedule has made of the token values: their weights at t = 1, which
 * for {@link org.md4j.schedule.LearnedPolynomialSchedule} are the powers w.
 *
 * @param least of all token values
 * @param mean over token values, each counted once
 * @param greatest of all token values
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
