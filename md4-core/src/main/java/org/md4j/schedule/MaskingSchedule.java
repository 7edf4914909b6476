package org.md4j.schedule;

/**
 * The probability {@code alpha(t)} that a token is still unmasked at time t, and what follows from
 * it.
 *
 * <pre>
 *   q(x_t | x_0) = alpha(t) [x_t = x_0] + (1 - alpha(t)) [x_t = mask]
 *   weight(t)    = -alpha'(t) / (1 - alpha(t))        rate at which a masked token is revealed
 *   logSnr(t)    = ln(alpha(t)) - ln(1 - alpha(t))
 * </pre>
 *
 * <p>Times are in [0, 1]: 0 is clean data, 1 is (almost) all masks. alpha is in [0, 1] and strictly
 * decreasing, so {@code alphaPrime <= 0} and {@code weight >= 0}. Everything is in double; {@link
 * #oneMinusAlpha} is a method of its own because the difference {@code 1 - alpha(t)} has no correct
 * digits left where it matters most, near t = 0.
 *
 * <p>Implementations are immutable and safe for use by many threads. Write your own by implementing
 * the three abstract methods; hold it to {@code org.md4j.contract.MaskingScheduleContract} in the
 * {@code contracts} jar of md4-core. Overriding a default with a closed form buys accuracy at the
 * ends and speed. Where a schedule starts at alpha = 1 exactly, weight and log-SNR may be infinite
 * at t = 0; {@link #clipped} makes both finite.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (1), the weight of equation (4) and the log-SNR
 * after it; the schedules are those of its Figure 1 and Table 4.
 */
public interface MaskingSchedule {
  /**
   * The probability that a token is still unmasked at time t.
   *
   * @param t in [0, 1]
   * @return in [0, 1]
   * @throws IllegalArgumentException if t is outside [0, 1]
   */
  double alpha(double t);

  /**
   * The probability that a token is masked at time t, computed without subtracting {@link #alpha}
   * from 1.
   *
   * @param t in [0, 1]
   * @return in [0, 1]
   * @throws IllegalArgumentException if t is outside [0, 1]
   */
  double oneMinusAlpha(double t);

  /**
   * The derivative of {@link #alpha} in t.
   *
   * @param t in [0, 1]
   * @return at most 0; may be negative infinity at t = 0
   * @throws IllegalArgumentException if t is outside [0, 1]
   */
  double alphaPrime(double t);

  /**
   * The factor of the cross-entropy of masked tokens in the continuous-time objective, {@code
   * -alpha'(t) / (1 - alpha(t))}.
   *
   * @param t in [0, 1]
   * @return at least 0; may be infinite at t = 0
   * @throws IllegalArgumentException if t is outside [0, 1]
   */
  default double weight(double t) {
    return -alphaPrime(t) / oneMinusAlpha(t);
  }

  /**
   * The log signal-to-noise ratio, {@code ln(alpha(t)) - ln(1 - alpha(t))}: strictly decreasing.
   *
   * @param t in [0, 1]
   * @return nats; infinite where alpha is 0 or 1
   * @throws IllegalArgumentException if t is outside [0, 1]
   */
  default double logSnr(double t) {
    return Math.log(alpha(t)) - Math.log(oneMinusAlpha(t));
  }

  /**
   * The time at which {@link #alpha} has the given value.
   *
   * <p>A value outside {@code [alpha(1), alpha(0)]} by no more than 1e-12, as rounding leaves it,
   * is taken as the end. The default brackets the time by bisection until the two ends are
   * neighbouring doubles, about 60 evaluations.
   *
   * @param alpha in {@code [alpha(1), alpha(0)]}
   * @return in [0, 1]
   * @throws IllegalArgumentException if alpha is further outside
   */
  default double inverseAlpha(double alpha) {
    double target = AlphaRange.clamped(this, alpha);
    if (target >= alpha(0)) {
      return 0;
    }
    if (target <= alpha(1)) {
      return 1;
    }
    double early = 0;
    double late = 1;
    double middle = 0.5;
    while (early < middle && middle < late) {
      // Above 1/2 the difference 1 - target is exact, and 1 - alpha resolves t near 0 far better.
      boolean tooLate = target > 0.5 ? oneMinusAlpha(middle) > 1 - target : alpha(middle) < target;
      if (tooLate) {
        late = middle;
      } else {
        early = middle;
      }
      middle = early + (late - early) / 2;
    }
    return early;
  }

  /**
   * The time at which {@link #alpha} has the given value, or the end nearest to it where the
   * schedule never takes that value: the time to tell a network about a row whose fraction of
   * visible tokens is known.
   *
   * @param alpha in [0, 1]
   * @return in [0, 1]
   */
  default double nearestTime(double alpha) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException("alpha (" + alpha + ") must be in [0, 1]");
    }
    return inverseAlpha(Math.max(alpha(1), Math.min(alpha(0), alpha)));
  }

  /**
   * Returns this schedule squeezed into {@code [epsilon, 1 - epsilon]}, which makes its weight and
   * log-SNR finite.
   *
   * @param epsilon in (0, 1/2); the reference uses {@link ClippedSchedule#REFERENCE_EPSILON}
   */
  default ClippedSchedule clipped(double epsilon) {
    return new ClippedSchedule(this, epsilon);
  }

  /** Returns the linear schedule, {@code alpha = 1 - t}, unclipped. */
  static LinearSchedule linear() {
    return new LinearSchedule();
  }

  /** Returns the cosine schedule, {@code alpha = 1 - cos(pi/2 (1 - t))}, unclipped. */
  static CosineSchedule cosine() {
    return new CosineSchedule();
  }

  /**
   * Returns the polynomial schedule, {@code alpha = 1 - t^power}, unclipped.
   *
   * @param power positive and finite
   */
  static PolynomialSchedule polynomial(double power) {
    return new PolynomialSchedule(power);
  }

  /**
   * Returns the geometric schedule, {@code alpha = exp(-minimumNoise^(1-t) maximumNoise^t)},
   * unclipped.
   *
   * @param minimumNoise positive
   * @param maximumNoise greater than minimumNoise, finite
   */
  static GeometricSchedule geometric(double minimumNoise, double maximumNoise) {
    return new GeometricSchedule(minimumNoise, maximumNoise);
  }

  /** Returns what the reference code trains with by default: linear, clipped at 1e-4. */
  static MaskingSchedule reference() {
    return linear().clipped(ClippedSchedule.REFERENCE_EPSILON);
  }
}
