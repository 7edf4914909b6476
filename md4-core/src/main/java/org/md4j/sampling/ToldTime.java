package org.md4j.sampling;

import org.md4j.schedule.MaskingSchedule;

/**
 * The time a time-conditioned network is told; a network without time conditioning ignores it.
 *
 * <p>Drawn from scratch, a row has on average as many visible tokens as its time says, and {@link
 * #OF_STEP} is the model's law. With given tokens it has more, and held-out blanks are likelier
 * under {@link #OF_VISIBLE_TOKENS}: the more is given, the more so (docs/sampling.md).
 *
 * <p>Source: {@link #OF_STEP} is the infilling of MD4, arXiv 2406.04329v4; {@link
 * #OF_VISIBLE_TOKENS} is ours.
 */
public enum ToldTime {
  /** Tells the sampler's own time, which runs from 1 to 0 over the blanks, whatever is given. */
  OF_STEP {
    @Override
    double of(MaskingSchedule schedule, double stepTime, int visible, int length) {
      return stepTime;
    }
  },

  /**
   * Tells the time at which as many tokens are visible as in the row now: {@code alpha(t) =
   * visible/N}, within the schedule's range.
   */
  OF_VISIBLE_TOKENS {
    @Override
    double of(MaskingSchedule schedule, double stepTime, int visible, int length) {
      return schedule.nearestTime((double) visible / length);
    }
  };

  /**
   * Returns the time told.
   *
   * @param stepTime the sampler's own time, in [0, 1]
   * @param visible tokens of the row that are no masks
   * @param length N
   */
  abstract double of(MaskingSchedule schedule, double stepTime, int visible, int length);
}
