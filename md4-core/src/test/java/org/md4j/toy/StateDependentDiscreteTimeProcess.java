package org.md4j.toy;

import java.util.function.IntToDoubleFunction;
import org.md4j.process.StateDependentProcess;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The state-dependent forward process looked at only at the times {@code 0, 1/T, ..., 1}, as a
 * Markov chain with explicit transition matrices.
 *
 * <pre>
 *   Q_i    = diag(1 - beta_i) + diag(beta_i) 1 e_mask^T     beta_i,v = 1 - alpha(i/T, v) / alpha((i-1)/T, v)
 *   Qbar_i = Qbar_0 Q_1 ... Q_i = diag(alpha(i/T)) + (I - diag(alpha(i/T))) 1 e_mask^T
 * </pre>
 *
 * <p>where diag(.) is over the V token values, and the mask stays the mask. Matrices are
 * [V+1][V+1], row = state before, column = state after, the last state is the mask; every row sums
 * to 1. They are meant for looking at and for tests on small vocabularies: (V+1)^2 doubles, a fresh
 * array each call, owned by the caller. {@link StateDependentProcess} does the same without
 * matrices.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 6, before equation (11), and equation (29) for the
 * posterior.
 *
 * @param schedule alpha of each token value
 * @param steps T, at least 1
 */
public record StateDependentDiscreteTimeProcess(StateDependentSchedule schedule, int steps) {
  /** Rejects a chain without steps. */
  public StateDependentDiscreteTimeProcess {
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
   * @param token its value, in 0..V-1
   * @return in [0, 1]
   */
  public double beta(int i, int token) {
    requireStep(1, i);
    double s = time(i - 1);
    double t = time(i);
    // alpha(s) - alpha(t) without its cancellation.
    double decrease = schedule.unmaskProbability(s, t, token) * schedule.oneMinusAlpha(t, token);
    return decrease / schedule.alpha(s, token);
  }

  /**
   * Q_i, the transition of step i: {@code q(x_i | x_(i-1))}.
   *
   * @param i in 1..T
   */
  public double[][] stepMatrix(int i) {
    requireStep(1, i);
    StateDependentProcess process = new StateDependentProcess(schedule);
    return maskingMatrix(
        token -> process.survivalProbability(time(i - 1), time(i), token), token -> beta(i, token));
  }

  /**
   * Qbar_i, the transition from data to step i: {@code q(x_i | x_0)}.
   *
   * @param i in 0..T
   */
  public double[][] cumulativeMatrix(int i) {
    double t = time(i);
    return maskingMatrix(
        token -> schedule.alpha(t, token), token -> schedule.oneMinusAlpha(t, token));
  }

  /**
   * The transition of step i backwards for a known clean token: row = x_i, column = x_(i-1).
   *
   * <pre>
   *   R = I + (alpha(s, v) - alpha(t, v)) / (1 - alpha(t, v)) e_mask (e_v - e_mask)^T
   *   s = (i-1)/T, t = i/T, v the clean token
   * </pre>
   *
   * <p>Rows of states that cannot be reached from the clean token hold the identity.
   *
   * @param i in 1..T
   * @param cleanToken x_0, in 0..V-1
   */
  public double[][] posteriorMatrix(int i, int cleanToken) {
    requireStep(1, i);
    int mask = schedule.vocabulary().maskId();
    if (cleanToken < 0 || cleanToken >= mask) {
      throw new IllegalArgumentException(
          "cleanToken (" + cleanToken + ") must be in 0.." + (mask - 1));
    }
    StateDependentProcess process = new StateDependentProcess(schedule);
    double[][] matrix = maskingMatrix(token -> 1, token -> 0);
    matrix[mask][cleanToken] = process.unmaskProbability(time(i - 1), time(i), cleanToken);
    matrix[mask][mask] = process.stayMaskedProbability(time(i - 1), time(i), cleanToken);
    return matrix;
  }

  private double[][] maskingMatrix(IntToDoubleFunction keep, IntToDoubleFunction mask) {
    int maskId = schedule.vocabulary().maskId();
    double[][] matrix = new double[maskId + 1][maskId + 1];
    for (int j = 0; j < maskId; j++) {
      matrix[j][j] = keep.applyAsDouble(j);
      matrix[j][maskId] = mask.applyAsDouble(j);
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
