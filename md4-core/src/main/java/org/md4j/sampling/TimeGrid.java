package org.md4j.sampling;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The times a sampler visits in T steps on its way from 1 (all masks) to 0 (data).
 *
 * <p>The network is told these times, so alpha along the way is the training schedule's alpha at
 * them: the grid, not the schedule, is what is to be chosen at sampling. {@link #cosine} suits a
 * network trained with the linear schedule, {@link #uniform} one trained with the cosine schedule;
 * the two pairs visit the same values of alpha.
 *
 * <p>Implementations are immutable. {@code org.md4j.contract.TimeGridContract}, in the contracts
 * jar of md4-core, holds a grid of one's own to what is said here.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 4 and equation (6).
 */
public interface TimeGrid {
  /** The number T of steps, at least 1. */
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
   * Returns evenly spaced times.
   *
   * @param steps T, at least 1
   */
  static TimeGrid uniform(int steps) {
    return new Uniform(steps);
  }

  /**
   * Returns times with small steps first: {@code sin(pi/2 u)} of the evenly spaced u.
   *
   * @param steps T, at least 1
   */
  static TimeGrid cosine(int steps) {
    return new Cosine(steps);
  }

  /**
   * Returns times given one by one.
   *
   * @param times [T+1], from 1 strictly down to 0
   */
  static TimeGrid of(double... times) {
    return new Given(DoubleStream.of(times).boxed().toList());
  }

  /**
   * The grid of evenly spaced times, {@code t = (T - step)/T}.
   *
   * <p>Source: the reference code's {@code uniform} grid (google-deepmind/md4, commit b9fbf29).
   *
   * @param steps T, at least 1
   */
  record Uniform(int steps) implements TimeGrid {
    /** Rejects a grid without steps. */
    public Uniform {
      if (steps < 1) {
        throw new IllegalArgumentException("steps (" + steps + ") must be at least 1");
      }
    }

    @Override
    public double time(int step) {
      if (step < 0 || step > steps) {
        throw new IllegalArgumentException("step (" + step + ") must be in 0.." + steps);
      }
      return (double) (steps - step) / steps;
    }
  }

  /**
   * The grid with small steps first: {@code t = cos(pi/2 (1 - u)) = sin(pi/2 u)}, {@code u = (T -
   * step)/T}.
   *
   * <p>Few tokens are revealed in the early steps, when tokens revealed together conflict most.
   * With the linear schedule it visits the values of alpha that the cosine schedule has on the
   * uniform grid.
   *
   * <p>Source: MD4, arXiv 2406.04329v4, equation (6).
   *
   * <p>Deviation: the reference code (google-deepmind/md4, commit b9fbf29) evaluates the cosine,
   * which ends near 0 (below it in single precision); the sine is 0 at the end exactly.
   *
   * @param steps T, at least 1
   */
  record Cosine(int steps) implements TimeGrid {
    /** Rejects a grid without steps. */
    public Cosine {
      if (steps < 1) {
        throw new IllegalArgumentException("steps (" + steps + ") must be at least 1");
      }
    }

    @Override
    public double time(int step) {
      return Math.sin(Math.PI / 2 * new Uniform(steps).time(step));
    }
  }

  /**
   * The grid of times given one by one.
   *
   * @param times [T+1], from 1 strictly down to 0
   */
  record Given(List<Double> times) implements TimeGrid {
    /** Checks ends and order. */
    public Given {
      times = List.copyOf(times);
      if (times.size() < 2 || times.get(0) != 1 || times.get(times.size() - 1) != 0) {
        throw new IllegalArgumentException(
            "times (" + times + ") must begin with 1, end with 0 and have a step between them");
      }
      for (int i = 1; i < times.size(); i++) {
        if (!(times.get(i) < times.get(i - 1))) {
          throw new IllegalArgumentException(
              "times["
                  + i
                  + "] ("
                  + times.get(i)
                  + ") must be less than the time before it, "
                  + times.get(i - 1));
        }
      }
    }

    @Override
    public int steps() {
      return times.size() - 1;
    }

    @Override
    public double time(int step) {
      if (step < 0 || step > steps()) {
        throw new IllegalArgumentException("step (" + step + ") must be in 0.." + steps());
      }
      return times.get(step);
    }
  }
}
