package org.md4j.objective;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The loss of a row to expect from the losses of earlier steps, by its noise level: a control
 * variate that depends on nothing of the present step, so that subtracting it leaves an estimate of
 * a gradient unbiased.
 *
 * <p>Levels are cut into {@value #BINS} equal parts; each has the mean of the losses seen there, in
 * which those of a step count {@value #DECAY} times those of the next. Where nothing has been seen
 * it is 0.
 *
 * @param sums of weighted losses, nats of a row, one a part
 * @param weights of the losses in each sum
 */
public record RunningBaseline(List<Double> sums, List<Double> weights) {
  /** The number of equal parts of [0, 1) that have a mean of their own. */
  static final int BINS = 16;

  private static final double DECAY = 0.99;

  /** Copies the lists. */
  public RunningBaseline {
    sums = List.copyOf(sums);
    weights = List.copyOf(weights);
    if (sums.size() != BINS || weights.size() != BINS) {
      throw new IllegalArgumentException(
          "sums and weights must have %d entries each, got %d and %d"
              .formatted(BINS, sums.size(), weights.size()));
    }
  }

  /** Returns the baseline before the first step. */
  public static RunningBaseline none() {
    List<Double> zeros = IntStream.range(0, BINS).mapToObj(bin -> 0.0).toList();
    return new RunningBaseline(zeros, zeros);
  }

  /**
   * Returns the loss to expect at a noise level.
   *
   * @param level in [0, 1)
   * @return nats of a row
   */
  public double at(double level) {
    int bin = bin(level);
    return weights.get(bin) == 0 ? 0 : sums.get(bin) / weights.get(bin);
  }

  /**
   * Returns the baseline after a step.
   *
   * @param losses of all rows of the step, part by part
   */
  public RunningBaseline after(List<StateDependentLoss> losses) {
    double[] newSums = new double[BINS];
    double[] newWeights = new double[BINS];
    for (int bin = 0; bin < BINS; bin++) {
      newSums[bin] = DECAY * sums.get(bin);
      newWeights[bin] = DECAY * weights.get(bin);
      for (StateDependentLoss loss : losses) {
        newSums[bin] += loss.sumOfLosses(bin);
        newWeights[bin] += loss.countOfLosses(bin);
      }
    }
    return new RunningBaseline(boxed(newSums), boxed(newWeights));
  }

  static int bin(double level) {
    return (int) (level * BINS);
  }

  private static List<Double> boxed(double[] values) {
    return IntStream.range(0, BINS).mapToObj(bin -> values[bin]).toList();
  }
}
