package org.md4j.sampling;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Times given one by one.
 *
 * @param times [T+1], from 1 strictly down to 0
 */
public record GivenGrid(List<Double> times) implements TimeGrid {
  /** Checks ends and order. */
  public GivenGrid {
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

  GivenGrid(double... times) {
    this(DoubleStream.of(times).boxed().toList());
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
