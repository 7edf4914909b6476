package org.md4j.sampling;

import java.util.Arrays;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The probability of a masked token of each value to be revealed in each step of a grid: {@code r_v
 * = (alpha(s, v) - alpha(t, v)) / (1 - alpha(t, v))} in the step from t to s.
 */
final class UnmaskProbabilities {
  private static final int NO_STEP = -1;

  private final StateDependentSchedule schedule;
  private final TimeGrid grid;
  private final double[] relative;
  private int stepOfRelative = NO_STEP;

  private UnmaskProbabilities(StateDependentSchedule schedule, TimeGrid grid) {
    this.schedule = schedule;
    this.grid = grid;
    relative = new double[schedule.vocabulary().size()];
  }

  /** Computes the probabilities for a request, whose vocabulary must be the schedule's. */
  static UnmaskProbabilities of(
      StateDependentSchedule schedule, TimeGrid grid, SamplingRequest request) {
    if (!request.start().vocabulary().equals(schedule.vocabulary())) {
      throw new IllegalArgumentException(
          "start must be of the schedule's vocabulary, "
              + schedule.vocabulary()
              + ", got "
              + request.start().vocabulary());
    }
    return new UnmaskProbabilities(schedule, grid);
  }

  /** The number T of steps. */
  int steps() {
    return grid.steps();
  }

  /** Returns r of a step, [V]: the caller's own. */
  double[] at(int step) {
    double[] unmask = new double[relative.length];
    read(step, unmask);
    return unmask;
  }

  /**
   * Returns r of a step over its largest entry, [V]: valid until the next call, not to be changed.
   */
  double[] relativeAt(int step) {
    if (step != stepOfRelative) {
      read(step, relative);
      double most = Arrays.stream(relative).max().orElseThrow();
      for (int v = 0; v < relative.length; v++) {
        relative[v] /= most;
      }
      stepOfRelative = step;
    }
    return relative;
  }

  /** The logarithm of the probability to stay masked of the value revealed soonest. */
  double logLeastStay(int step) {
    double t = grid.time(step);
    double s = grid.time(step + 1);
    double most = 0;
    double least = 1;
    for (int v = 0; v < relative.length; v++) {
      most = Math.max(most, schedule.unmaskProbability(s, t, v));
      least = Math.min(least, schedule.stayMaskedProbability(s, t, v));
    }
    // Of the two, the smaller has the digits.
    return most < 0.5 ? Math.log1p(-most) : Math.log(least);
  }

  private void read(int step, double[] unmask) {
    double t = grid.time(step);
    double s = grid.time(step + 1);
    for (int v = 0; v < unmask.length; v++) {
      unmask[v] = schedule.unmaskProbability(s, t, v);
    }
  }
}
