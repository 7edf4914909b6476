package org.md4j.likelihood;

import java.util.Arrays;

/**
 * The bounds that D drawn orders give on -ln p of one row, nats of the row.
 *
 * @param lower in expectation at most -ln p; minus infinity where the tangent is too steep for a
 *     double
 * @param middle -ln of the mean probability
 * @param upper in expectation at least -ln p
 */
record RowBracket(double lower, double middle, double upper) {
  /**
   * Computes the bounds from the costs of a row in drawn orders.
   *
   * @param nats -ln p of the row in each order, [D], D even and at least 2
   */
  static RowBracket of(double[] nats) {
    int half = nats.length / 2;
    double tangentPoint = -logMeanExp(Arrays.copyOf(nats, half));
    double estimate = -logMeanExp(Arrays.copyOfRange(nats, half, nats.length));
    return new RowBracket(
        tangentPoint - Math.exp(tangentPoint - estimate) + 1,
        -logMeanExp(nats),
        Arrays.stream(nats).average().orElseThrow());
  }

  /** Returns ln of the mean of {@code exp(-nats)}. */
  private static double logMeanExp(double[] nats) {
    double least = Arrays.stream(nats).min().orElseThrow();
    double mean = Arrays.stream(nats).map(n -> Math.exp(least - n)).average().orElseThrow();
    return Math.log(mean) - least;
  }
}
