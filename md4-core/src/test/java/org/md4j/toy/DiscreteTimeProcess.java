package org.md4j.toy;

import org.md4j.core.Vocabulary;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;

/**
 * The forward process looked at only at the times {@code 0, 1/T, ..., 1}, as a Markov chain with
 * explicit transition matrices.
 *
 * <pre>
 *   Q_i    = (1 - beta_i) I + beta_i 1 e_mask^T         beta_i = 1 - alpha(i/T) / alpha((i-1)/T)
 *   Qbar_i = Qbar_0 Q_1 ... Q_i = alpha(i/T) I + (1 - alpha(i/T)) 1 e_mask^T
 * </pre>
 *
 * <p>Matrices are [V+1][V+1], row = state before, column = state after, the last state is the mask;
 * every row sums to 1. They are meant for looking at and for tests on small vocabularies: (V+1)^2
 * doubles, a fresh array each call, owned by the caller. {@link ForwardProcess} does the same
 * without matrices.
 *
 * <p>Deviation: the paper's chain starts from alpha(0) = 1, where Qbar_0 is the identity. With a
 * clipped schedule a token is masked with probability {@code 1 - alpha(0)} before the first step;
 * {@code cumulativeMatrix(0)} holds that.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 2 and appendix A, equation (13); the posterior is
 * equation (17).
 *
 * @param schedule alpha
 * @param steps T, at least 1
 * @param vocabulary V
 */
public record DiscreteTimeProcess(MaskingSchedule schedule, int steps, Vocabulary vocabulary) {
  /** Rejects a chain without steps. */
  public DiscreteTimeProcess {
    if (steps < 1) {
      throw new IllegalArgumentException("steps (" + steps + ") must be at least 1");
    }
  }

  /**
   * The time of step i, {@code i/T}.
   *
   * @param i in 0..T
   */
  public double time(int i) {
    requireStep(0, i);
    return (double) i / steps;
  }

  /**
   * The probability that step i masks an unmasked token.
   *
   * @param i in 1..T
   * @return in [0, 1]
   */
  public double beta(int i) {
    requireStep(1, i);
    double s = time(i - 1);
    double t = time(i);
    // alpha(s) - alpha(t) without its cancellation.
    double decrease =
        new ForwardProcess(schedule).unmaskProbability(s, t) * schedule.oneMinusAlpha(t);
    return decrease / schedule.alpha(s);
  }

  /**
   * Q_i, the transition of step i: {@code q(x_i | x_(i-1))}.
   *
   * @param i in 1..T
   */
  public double[][] stepMatrix(int i) {
    double beta = beta(i);
    double survival = new ForwardProcess(schedule).survivalProbability(time(i - 1), time(i));
    return maskingMatrix(survival, beta);
  }

  /**
   * Qbar_i, the transition from data to step i: {@code q(x_i | x_0)}.
   *
   * @param i in 0..T
   */
  public double[][] cumulativeMatrix(int i) {
    return maskingMatrix(schedule.alpha(time(i)), schedule.oneMinusAlpha(time(i)));
  }

  /**
   * The transition of step i backwards for a known clean token: row = x_i, column = x_(i-1).
   *
   * <pre>
   *   R = I + (alpha(s) - alpha(t)) / (1 - alpha(t)) e_mask (e_clean - e_mask)^T    s = (i-1)/T, t = i/T
   * </pre>
   *
   * <p>Rows of states that cannot be reached from the clean token hold the identity.
   *
   * @param i in 1..T
   * @param cleanToken x_0, in 0..V-1
   */
  public double[][] posteriorMatrix(int i, int cleanToken) {
    requireStep(1, i);
    int mask = vocabulary.maskId();
    if (cleanToken < 0 || cleanToken >= mask) {
      throw new IllegalArgumentException(
          "cleanToken (" + cleanToken + ") must be in 0.." + (mask - 1));
    }
    ForwardProcess process = new ForwardProcess(schedule);
    double[][] matrix = maskingMatrix(1, 0);
    matrix[mask][cleanToken] = process.unmaskProbability(time(i - 1), time(i));
    matrix[mask][mask] = process.stayMaskedProbability(time(i - 1), time(i));
    return matrix;
  }

  private double[][] maskingMatrix(double keep, double mask) {
    int maskId = vocabulary.maskId();
    double[][] matrix = new double[maskId + 1][maskId + 1];
    for (int j = 0; j < maskId; j++) {
      matrix[j][j] = keep;
      matrix[j][maskId] = mask;
    }
    matrix[maskId][maskId] = 1;
    return matrix;
  }

  private void requireStep(int first, int i) {
    if (i < first || i > steps) {
      throw new IllegalArgumentException("i (" + i + ") must be in " + first + ".." + steps);
    }
  }
}
