package org.md4j.likelihood;

import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * How many of some independent trials succeeded.
 *
 * @param successes at least 0
 * @param trials at least 1, and at least the successes
 */
public record Proportion(long successes, long trials) {
  /** Rejects what no trials can give. */
  public Proportion {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "successes (%d) must be in 0..trials (%d), and trials at least 1"
              .formatted(successes, trials));
    }
  }

  /** The share that succeeded, in [0, 1]. */
  public double share() {
    return (double) successes / trials;
  }

  /**
   * Returns Wilson's score interval for the probability of success.
   *
   * @param level in (0, 1), say 0.95
   */
  public ConfidenceInterval confidenceInterval(double level) {
    var interval =
        new WilsonScoreInterval()
            .createInterval(Math.toIntExact(trials), Math.toIntExact(successes), level);
    return new ConfidenceInterval(
        Math.max(0, interval.getLowerBound()), Math.min(1, interval.getUpperBound()));
  }
}
