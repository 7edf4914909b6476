package org.md4j.schedule;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.Vocabulary;

/**
 * The schedule of GenMD4: a learned power of time for each token value.
 *
 * <pre>
 *   alpha(t, v)     = 1 - (1 - epsilon) t^w_v              w_v = softplus(raw_v) = ln(1 + exp(raw_v))
 *   weight(t, v)    = w_v / t                              whatever epsilon
 *   unmask(s, t, v) = 1 - (s/t)^w_v                        whatever epsilon
 * </pre>
 *
 * <p>Values of a large power are masked late and revealed early, those of a small power the other
 * way round. Either every token value has a raw parameter of its own, [V], or all share one, [1]
 * (tied). The gradients, in closed form:
 *
 * <pre>
 *   d ln(alpha)/dw = -(1 - epsilon) t^w ln(t) / alpha        dw/draw = sigmoid(raw)
 *   d ln(1 - alpha)/dw = ln(t)       d weight/dw = 1/t
 * </pre>
 *
 * <p>All of it is accurate at both ends and for tiny and huge powers: nothing is subtracted from 1
 * and ratios of underflowing powers are not formed. Two schedules are equal if vocabulary, epsilon
 * and raw parameters are.
 *
 * <p>Deviation: the reference code (google-deepmind/md4, commit b9fbf29) squeezes alpha at t = 1
 * only, unlike {@link ClippedSchedule}, which does at both ends; so does this class, because
 * epsilon then cancels from weight and unmask probability. Epsilon may also be 0 here.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 6, the schedule after equation (12); epsilon and the
 * initial power of 1 are the reference code's.
 */
public final class LearnedPolynomialSchedule implements StateDependentSchedule {
  private static final double LN_2 = Math.log(2);

  private final Vocabulary vocabulary;
  private final double epsilon;
  private final double[] raw;
  private final double[] powers;

  private LearnedPolynomialSchedule(Vocabulary vocabulary, double epsilon, double[] raw) {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException("epsilon (" + epsilon + ") must be in [0, 1)");
    }
    if (raw.length != vocabulary.size() && raw.length != 1) {
      throw new IllegalArgumentException(
          "raw must have shape [V] = ["
              + vocabulary.size()
              + "], or [1] for a power all tokens share, got ["
              + raw.length
              + "]");
    }
    this.vocabulary = vocabulary;
    this.epsilon = epsilon;
    this.raw = raw;
    powers = new double[raw.length];
    for (int p = 0; p < raw.length; p++) {
      powers[p] = softplus(raw[p]);
      if (!(powers[p] >= Double.MIN_NORMAL && powers[p] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "raw["
                + p
                + "] ("
                + raw[p]
                + ") must be finite and give a positive power, got power "
                + powers[p]
                + "; has training diverged?");
      }
    }
  }

  /**
   * Returns a schedule with a parameter for each token value, all of power 1, and the reference's
   * epsilon: linear.
   */
  public static LearnedPolynomialSchedule perToken(Vocabulary vocabulary) {
    double[] raw = new double[vocabulary.size()];
    Arrays.fill(raw, inverseSoftplus(1));
    return new LearnedPolynomialSchedule(vocabulary, ClippedSchedule.REFERENCE_EPSILON, raw);
  }

  /**
   * Returns a schedule with one parameter that all token values share, of power 1, and the
   * reference's epsilon: linear.
   */
  public static LearnedPolynomialSchedule tied(Vocabulary vocabulary) {
    return new LearnedPolynomialSchedule(
        vocabulary, ClippedSchedule.REFERENCE_EPSILON, new double[] {inverseSoftplus(1)});
  }

  /**
   * Returns a schedule of given raw parameters.
   *
   * @param epsilon alpha at t = 1, in [0, 1); the reference uses {@link
   *     ClippedSchedule#REFERENCE_EPSILON}
   * @param raw [V], or [1] for a parameter that all token values share; finite; copied
   */
  public static LearnedPolynomialSchedule of(Vocabulary vocabulary, double epsilon, double... raw) {
    return new LearnedPolynomialSchedule(vocabulary, epsilon, raw.clone());
  }

  /**
   * Returns a schedule of given powers, with the reference's epsilon.
   *
   * @param powers w, [V], or [1] for a power that all token values share; positive and finite
   */
  public static LearnedPolynomialSchedule ofPowers(Vocabulary vocabulary, double... powers) {
    double[] raw = new double[powers.length];
    for (int p = 0; p < raw.length; p++) {
      if (!(powers[p] >= Double.MIN_NORMAL && powers[p] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "powers[" + p + "] (" + powers[p] + ") must be positive and finite");
      }
      raw[p] = inverseSoftplus(powers[p]);
    }
    return new LearnedPolynomialSchedule(vocabulary, ClippedSchedule.REFERENCE_EPSILON, raw);
  }

  /** Returns the same powers with another alpha at t = 1, in [0, 1). */
  public LearnedPolynomialSchedule withEpsilon(double epsilon) {
    return new LearnedPolynomialSchedule(vocabulary, epsilon, raw);
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The value of alpha at t = 1. */
  public double epsilon() {
    return epsilon;
  }

  /** Says whether all token values share one parameter. */
  public boolean isTied() {
    return raw.length == 1;
  }

  /**
   * The power w of a token value.
   *
   * @param token in 0..V-1
   * @return positive
   */
  public double power(int token) {
    return powers[parameter(token)];
  }

  /** The power w of every token value, [V], tied or not. */
  public double[] powers() {
    double[] all = new double[vocabulary.size()];
    Arrays.setAll(all, this::power);
    return all;
  }

  @Override
  public double alpha(double t, int token) {
    double exponent = power(token) * Math.log(Checks.time(t));
    // 1 - (1 - epsilon) e^x as a sum of two positive terms: exact at both ends, no cancellation.
    return -Math.expm1(exponent) + epsilon * Math.exp(exponent);
  }

  @Override
  public double oneMinusAlpha(double t, int token) {
    return (1 - epsilon) * Math.pow(Checks.time(t), power(token));
  }

  @Override
  public double alphaPrime(double t, int token) {
    double power = power(token);
    return -(1 - epsilon) * power * Math.pow(Checks.time(t), power - 1);
  }

  @Override
  public double weight(double t, int token) {
    return power(token) / Checks.time(t);
  }

  @Override
  public double unmaskProbability(double s, double t, int token) {
    // Subtracting from 0 instead of negating gives 0 for s = t, not -0.
    return 0 - Math.expm1(power(token) * logRatio(s, t));
  }

  @Override
  public double stayMaskedProbability(double s, double t, int token) {
    return Math.exp(power(token) * logRatio(s, t));
  }

  @Override
  public double[] parameters() {
    return raw.clone();
  }

  @Override
  public LearnedPolynomialSchedule withParameters(double... raw) {
    if (raw.length != this.raw.length) {
      throw new IllegalArgumentException(
          "raw must have shape [" + this.raw.length + "], got [" + raw.length + "]");
    }
    return of(vocabulary, epsilon, raw);
  }

  @Override
  public void addGradient(
      double t,
      int token,
      double ofLogAlpha,
      double ofLogOneMinusAlpha,
      double ofWeight,
      double[] gradient) {
    if (gradient.length != raw.length) {
      throw new IllegalArgumentException(
          "gradient must have shape [" + raw.length + "], got [" + gradient.length + "]");
    }
    Checks.time(t);
    int p = parameter(token);
    double ofPower = 0;
    if (ofLogAlpha != 0) {
      ofPower += ofLogAlpha * logAlphaByPower(t, powers[p]);
    }
    if (ofLogOneMinusAlpha != 0) {
      ofPower += ofLogOneMinusAlpha * Math.log(t);
    }
    if (ofWeight != 0) {
      ofPower += ofWeight / t;
    }
    gradient[p] += ofPower / (1 + Math.exp(-raw[p]));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LearnedPolynomialSchedule that
        && vocabulary.equals(that.vocabulary)
        && epsilon == that.epsilon
        && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * vocabulary.hashCode() + Double.hashCode(epsilon)) + Arrays.hashCode(raw);
  }

  @Override
  public String toString() {
    double least = Arrays.stream(powers).min().orElseThrow();
    double most = Arrays.stream(powers).max().orElseThrow();
    return "LearnedPolynomialSchedule[V="
        + vocabulary.size()
        + ", epsilon="
        + epsilon
        + (isTied() ? ", one power " + least : ", powers " + least + ".." + most)
        + "]";
  }

  /** Computes d ln(alpha)/dw. */
  private double logAlphaByPower(double t, double power) {
    double log = Math.log(t);
    double exponent = power * log;
    double masked = Math.exp(exponent);
    if (masked == 0) {
      // 0 times ln 0 included: alpha is 1 whatever the power.
      return 0;
    }
    double alpha = -Math.expm1(exponent) + epsilon * masked;
    // Where alpha vanishes it does so as w (1 - t).
    return alpha == 0 ? 1 / power : -(1 - epsilon) * masked * log / alpha;
  }

  /** The index of a token value's parameter. */
  private int parameter(int token) {
    Checks.token(vocabulary, token);
    return isTied() ? 0 : token;
  }

  /** Computes ln(s/t), at most 0; 0 for s = t, also at 0. */
  private static double logRatio(double s, double t) {
    Checks.ordered(Checks.time(s), Checks.time(t));
    if (s == t) {
      return 0;
    }
    // Near 1 the quotient has lost the digits of its distance from 1; t - s is exact there.
    return s > t / 2 ? Math.log1p((s - t) / t) : Math.log(s / t);
  }

  private static double softplus(double raw) {
    return Math.max(raw, 0) + Math.log1p(Math.exp(-Math.abs(raw)));
  }

  /** Computes ln(exp(power) - 1). */
  private static double inverseSoftplus(double power) {
    return power + (power > LN_2 ? Math.log1p(-Math.exp(-power)) : Math.log(-Math.expm1(-power)));
  }
}
