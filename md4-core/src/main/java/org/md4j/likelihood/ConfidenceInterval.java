package org.md4j.likelihood;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * A range that holds the true value in a stated share of repetitions.
 *
 * @param low the lower end, in the unit of the value
 * @param high the upper end, at least low
 */
public record ConfidenceInterval(double low, double high) {
  /** Rejects ends in the wrong order. */
  public ConfidenceInterval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("low (" + low + ") must not exceed high (" + high + ")");
    }
  }

  /**
   * Returns {@code mean -+ q standardError}, q the quantile of Student's t at {@code (1 +
   * level)/2}.
   *
   * @param observations independent observations the standard error comes from, at least 2
   * @param level in (0, 1), say 0.95
   */
  static ConfidenceInterval student(
      double mean, double standardError, long observations, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level (" + level + ") must be in (0, 1), say 0.95 for 95 %");
    }
    double quantile =
        new TDistribution(observations - 1.0).inverseCumulativeProbability((1 + level) / 2);
    return new ConfidenceInterval(mean - quantile * standardError, mean + quantile * standardError);
  }

  /** Returns this interval of nats as one of bits. */
  ConfidenceInterval inBits() {
    return new ConfidenceInterval(low / Nats.PER_BIT, high / Nats.PER_BIT);
  }

  /** Says whether a value lies inside, ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
