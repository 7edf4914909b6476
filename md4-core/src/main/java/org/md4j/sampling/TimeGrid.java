package org.md4j.sampling;

/**
 * The times a sampler visits on its way from 1 (all masks) to 0 (data).
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
@FunctionalInterface
public interface TimeGrid {
  /**
   * The time after a number of steps: exactly 1 after none, exactly 0 after all, strictly
   * decreasing between.
   *
   * @param step in 0..steps
   * @param steps T, at least 1
   * @return in [0, 1]
   * @throws IllegalArgumentException if step is outside 0..steps
   */
  double time(int step, int steps);

  /** Evenly spaced times. */
  static TimeGrid uniform() {
    return new UniformGrid();
  }

  /** Small steps first: {@code sin(pi/2 u)} of the evenly spaced u. */
  static TimeGrid cosine() {
    return new CosineGrid();
  }
}
