package org.md4j.sampling;

/**
 * The times a sampler visits in T steps on its way from 1 (all masks) to 0 (data).
 *
 * <p>The network is told these times, so alpha along the way is the training schedule's alpha at
 * them: the grid, not the schedule, is what is to be chosen at sampling. {@link #cosine} suits a
 * network trained with the linear schedule, {@link #uniform} one trained with the cosine schedule;
 * the two pairs visit the same values of alpha.
 *
 * <p>Implementations are immutable.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 4.
 */
public interface TimeGrid {
  /** T, at least 1. */
  int steps();

  /**
   * The time after a number of steps: exactly 1 after none, exactly 0 after all, strictly
   * decreasing between.
   *
   * @param step in 0..T
   * @return in [0, 1]
   * @throws IllegalArgumentException if step is outside 0..T
   */
  double time(int step);

  /**
   * Evenly spaced times.
   *
   * @param steps T, at least 1
   */
  static TimeGrid uniform(int steps) {
    return new UniformGrid(steps);
  }

  /**
   * Small steps first: {@code sin(pi/2 u)} of the evenly spaced u.
   *
   * @param steps T, at least 1
   */
  static TimeGrid cosine(int steps) {
    return new CosineGrid(steps);
  }

  /**
   * Times of your own.
   *
   * @param times [T+1], from 1 strictly down to 0
   */
  static TimeGrid of(double... times) {
    return new GivenGrid(times);
  }
}
