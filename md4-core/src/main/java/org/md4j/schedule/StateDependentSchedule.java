package org.md4j.schedule;

import org.md4j.core.Checks;
import org.md4j.core.Vocabulary;

/**
 * A masking schedule for each token value: the probability {@code alpha(t, v)} that a token whose
 * clean value is v is still unmasked at time t. GenMD4 learns it.
 *
 * <pre>
 *   q(x_t | x_0 = v)     = alpha(t, v) [x_t = v] + (1 - alpha(t, v)) [x_t = mask]
 *   weight(t, v)         = -alpha'(t, v) / (1 - alpha(t, v))     rate at which a masked v is revealed
 *   unmask(s, t, v)      = (alpha(s, v) - alpha(t, v)) / (1 - alpha(t, v))                  s &lt;= t
 * </pre>
 *
 * <p>Times are in [0, 1]: 0 is clean data, 1 is (almost) all masks. For every v alpha is in [0, 1]
 * and strictly decreasing. Everything is in double; as in {@link MaskingSchedule}, {@link
 * #oneMinusAlpha} is a method of its own because the difference {@code 1 - alpha} has no correct
 * digits left near t = 0.
 *
 * <p>A schedule has raw parameters, real numbers without bounds, which an optimiser moves: {@link
 * #withParameters} makes the schedule of other values, {@link #addGradient} carries the gradient of
 * a loss back to them. A schedule with nothing to learn has none.
 *
 * <p>Implementations are immutable and safe for use by many threads. Write your own by implementing
 * the abstract methods; hold it to {@code org.md4j.contract.StateDependentScheduleContract} in the
 * {@code contracts} jar of md4-core. {@link LearnedPolynomialSchedule} is the paper's.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 6; the weight is that of equation (12), the unmask
 * probability equation (31), its complement (30).
 */
public interface StateDependentSchedule {
  /** The token values that have a schedule; the mask has none. */
  Vocabulary vocabulary();

  /**
   * The probability that a token is still unmasked at time t.
   *
   * @param t in [0, 1]
   * @param token the clean value v, in 0..V-1
   * @return in [0, 1]
   * @throws IllegalArgumentException if t or token is outside its range
   */
  double alpha(double t, int token);

  /**
   * The probability that a token is masked at time t, computed without subtracting {@link #alpha}
   * from 1.
   *
   * @param t in [0, 1]
   * @param token in 0..V-1
   * @return in [0, 1]
   * @throws IllegalArgumentException if t or token is outside its range
   */
  double oneMinusAlpha(double t, int token);

  /**
   * The derivative of {@link #alpha} in t.
   *
   * @param t in [0, 1]
   * @param token in 0..V-1
   * @return at most 0; may be negative infinity at t = 0
   * @throws IllegalArgumentException if t or token is outside its range
   */
  double alphaPrime(double t, int token);

  /**
   * The rate at which a masked token of this value is revealed, {@code -alpha'/(1 - alpha)}.
   *
   * @param t in [0, 1]
   * @param token in 0..V-1
   * @return at least 0; may be infinite at t = 0
   * @throws IllegalArgumentException if t or token is outside its range
   */
  default double weight(double t, int token) {
    return -alphaPrime(t, token) / oneMinusAlpha(t, token);
  }

  /**
   * The probability that a token of this value masked at t was not masked at s, {@code (alpha(s) -
   * alpha(t))/(1 - alpha(t))}.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @param token in 0..V-1
   * @return in [0, 1]; 0 for s = t
   * @throws IllegalArgumentException if s is after t, or t or token is outside its range
   */
  default double unmaskProbability(double s, double t, int token) {
    Checks.ordered(s, t);
    double before = alpha(s, token);
    double masked = oneMinusAlpha(t, token);
    if (s == t) {
      return 0;
    }
    // A difference of alphas or of their complements, whichever are smaller and hence more precise.
    return before < masked
        ? (before - alpha(t, token)) / masked
        : (masked - oneMinusAlpha(s, token)) / masked;
  }

  /**
   * The probability that a token of this value masked at t was masked at s already, {@code (1 -
   * alpha(s))/(1 - alpha(t))}: one minus {@link #unmaskProbability}, without its cancellation.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @param token in 0..V-1
   * @return in [0, 1]; 1 for s = t
   * @throws IllegalArgumentException if s is after t, or t or token is outside its range
   */
  default double stayMaskedProbability(double s, double t, int token) {
    Checks.ordered(s, t);
    double masked = oneMinusAlpha(t, token);
    return s == t ? 1 : oneMinusAlpha(s, token) / masked;
  }

  /** Returns the raw parameters: a copy, possibly empty. */
  double[] parameters();

  /**
   * Returns the schedule of the same kind with other parameters.
   *
   * @param raw as many finite numbers as {@link #parameters} has, in its order; copied
   * @throws IllegalArgumentException if there are more or fewer, or one is not finite
   */
  StateDependentSchedule withParameters(double... raw);

  /**
   * Carries a gradient back to the raw parameters, all at one time and token value:
   *
   * <pre>
   *   gradient[p] += ofLogAlpha         d ln(alpha)     / d raw_p
   *                + ofLogOneMinusAlpha d ln(1 - alpha) / d raw_p
   *                + ofWeight           d weight        / d raw_p
   * </pre>
   *
   * <p>A factor of 0 adds nothing, even where its derivative is infinite, as that of the weight is
   * at t = 0.
   *
   * @param t in [0, 1]
   * @param token in 0..V-1
   * @param ofLogAlpha derivative of the loss in {@code ln(alpha(t, token))}
   * @param ofLogOneMinusAlpha derivative of the loss in {@code ln(1 - alpha(t, token))}
   * @param ofWeight derivative of the loss in {@code weight(t, token)}
   * @param gradient as long as {@link #parameters}; added to in place
   * @throws IllegalArgumentException if t or token is outside its range or gradient has another
   *     length
   */
  void addGradient(
      double t,
      int token,
      double ofLogAlpha,
      double ofLogOneMinusAlpha,
      double ofWeight,
      double[] gradient);
}
