package org.md4j.likelihood;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;

/**
 * The mean of numbers that are independent of each other, and its standard error.
 *
 * @param mean in the unit of the numbers
 * @param standardError standard deviation / sqrt(size), in the unit of the numbers; NaN for a
 *     single number, or if a number is infinite
 * @param size how many numbers, at least 1
 */
public record SampleMean(double mean, double standardError, long size) {
  /** Rejects an empty sample. */
  public SampleMean {
    if (size < 1) {
      throw new IllegalArgumentException("size (" + size + ") must be at least 1");
    }
  }

  /**
   * Computes the mean of some numbers and its standard error.
   *
   * @param values at least one
   */
  public static SampleMean of(double[] values) {
    double standardError =
        values.length == 1
            ? Double.NaN
            : new StandardDeviation().evaluate(values) / Math.sqrt(values.length);
    // The two-pass mean of Commons Math turns an infinite number into NaN.
    double mean =
        Arrays.stream(values).anyMatch(Double::isInfinite)
            ? Arrays.stream(values).average().orElseThrow()
            : new Mean().evaluate(values);
    return new SampleMean(mean, standardError, values.length);
  }

  /** Returns this mean of nats as one of bits. */
  SampleMean inBits() {
    return new SampleMean(mean / Nats.PER_BIT, standardError / Nats.PER_BIT, size);
  }

  /**
   * Returns the interval of Student's t for the expectation of the mean.
   *
   * @param level in (0, 1), say 0.95
   * @return in the unit of the numbers
   * @throws IllegalStateException if there is no standard error
   */
  public ConfidenceInterval confidenceInterval(double level) {
    if (Double.isNaN(standardError)) {
      throw new IllegalStateException(
          "standardError (NaN) must be a number for an interval; it takes two finite observations"
              + " or more, got "
              + size);
    }
    return ConfidenceInterval.student(mean, standardError, size, level);
  }
}
