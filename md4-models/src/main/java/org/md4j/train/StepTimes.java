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

  /**
   * Sums up a run.
   *
   * @param evaluation the last
   * @param tokensPerStep B * N
   * @param parameters number of parameters of the network
   */
  TrainingSummary summary(EvaluationReport evaluation, long tokensPerStep, long parameters) {
    return new TrainingSummary(
        evaluation.step(),
        evaluation.bitsPerToken(),
        evaluation.standardError(),
        total,
        median(),
        (double) count * tokensPerStep / total,
        parameters);
  }

  private double median() {
    if (count == 0) {
      return Double.NaN;
    }
    double[] sorted = Arrays.copyOf(seconds, count);
    Arrays.sort(sorted);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
  }
}
