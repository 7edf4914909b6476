package org.md4j.train;

import java.util.Arrays;

/** The seconds of each step so far. */
final class StepTimes {
  private double[] seconds = new double[1024];
  private int count;
  private double total;

  void add(double stepSeconds) {
    if (count == seconds.length) {
      seconds = Arrays.copyOf(seconds, 2 * count);
    }
    seconds[count++] = stepSeconds;
    total += stepSeconds;
  }

  int count() {
    return count;
  }

  double total() {
    return total;
  }

  double median() {
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(seconds, count);
    Arrays.sort(sorted);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
  }
}
