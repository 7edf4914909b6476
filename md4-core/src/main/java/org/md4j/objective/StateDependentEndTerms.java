package org.md4j.objective;

import org.md4j.schedule.StateDependentSchedule;

/**
 * The terms at the two ends of a state-dependent bound, where they depend on the tokens of a row:
 * what guessing tokens that are masked at t1 costs, and the divergence at t = 1; and their
 * gradients in the schedule's parameters. {@link EndTerms} is the same for a common schedule.
 *
 * <p>Source: the terms of MD4, arXiv 2406.04329v4, appendices D and E, with a schedule for each
 * value; see {@link StateDependentElbo}.
 */
final class StateDependentEndTerms {
  private final StateDependentSchedule schedule;
  private final double firstTime;
  private final int size;

  /** The logarithm {@code ln sum over v of (1 - alpha(t1, v))}. */
  private final double logMaskedAtFirst;

  /** The logarithm {@code ln mean over v of (1 - alpha(1, v))}. */
  private final double logMaskedAtLast;

  StateDependentEndTerms(StateDependentSchedule schedule, double firstTime) {
    this.schedule = schedule;
    this.firstTime = firstTime;
    size = schedule.vocabulary().size();
    double first = 0;
    double last = 0;
    for (int v = 0; v < size; v++) {
      first += schedule.oneMinusAlpha(firstTime, v);
      last += schedule.oneMinusAlpha(1, v);
    }
    logMaskedAtFirst = Math.log(first);
    logMaskedAtLast = Math.log(last / size);
  }

  /** Computes the reconstruction term of a row, [N], in nats of the row; at least 0. */
  double reconstruction(int[] row) {
    double nats = 0;
    for (int token : row) {
      double masked = schedule.oneMinusAlpha(firstTime, token);
      nats += masked == 0 ? 0 : masked * guess(masked);
    }
    return nats;
  }

  /** Computes the prior term of a row, [N], in nats of the row. */
  double prior(int[] row) {
    double nats = 0;
    for (int token : row) {
      double masked = schedule.oneMinusAlpha(1, token);
      nats +=
          schedule.alpha(1, token) * Math.log(size) + masked * (Math.log(masked) - logMaskedAtLast);
    }
    // Exactly 0 for equal values, where rounding may leave it just below.
    return Math.max(0, nats);
  }

  /**
   * Adds the gradient of both terms, for tokens as often as counted, times a scale.
   *
   * @param counts how often each value occurs, [V]
   */
  void addGradient(long[] counts, double scale, double[] gradient) {
    double reconstructing = 0;
    double masking = 0;
    for (int v = 0; v < size; v++) {
      reconstructing += counts[v] * schedule.oneMinusAlpha(firstTime, v);
      masking += counts[v] * schedule.oneMinusAlpha(1, v);
    }
    for (int v = 0; v < size; v++) {
      double maskedAtFirst = schedule.oneMinusAlpha(firstTime, v);
      // A great power underflows: such a value is never masked at t1, and its logarithm infinite.
      if (maskedAtFirst > 0) {
        double ofLogMasked =
            counts[v] * maskedAtFirst * (guess(maskedAtFirst) - 1)
                + reconstructing * maskedAtFirst / Math.exp(logMaskedAtFirst);
        schedule.addGradient(firstTime, v, 0, scale * ofLogMasked, 0, gradient);
      }

      double maskedAtLast = schedule.oneMinusAlpha(1, v);
      double ofLogMaskedAtLast =
          counts[v] * maskedAtLast * (Math.log(maskedAtLast) - logMaskedAtLast + 1)
              - masking * maskedAtLast / (size * Math.exp(logMaskedAtLast));
      double ofLogAlpha = counts[v] * schedule.alpha(1, v) * Math.log(size);
      schedule.addGradient(1, v, scale * ofLogAlpha, scale * ofLogMaskedAtLast, 0, gradient);
    }
  }

  /**
   * Computes {@code -ln p(token | masked at t1)}, given the probability that the token is masked
   * there.
   */
  private double guess(double masked) {
    return logMaskedAtFirst - Math.log(masked);
  }
}
