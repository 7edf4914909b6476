package org.md4j.schedule;

/**
 * A schedule that squeezes another into {@code [epsilon, 1 - epsilon]}:
 *
 * <pre>
 *   alpha(t) = (1 - 2 epsilon) base(t) + epsilon
 * </pre>
 *
 * <p>At t = 0 a token is masked with probability epsilon, so that the weight stays finite (9998 for
 * the linear schedule at the reference's epsilon) and the log-SNR has two finite ends; in exchange
 * the objective gains a small constant reconstruction and prior term. Only where the base's
 * derivative is infinite at 0 (polynomials of power below 1) the weight stays infinite there.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, appendix J.1, for the linear schedule and 1e-4; for any, the
 * reference code (google-deepmind/md4, commit b9fbf29).
 *
 * @param base the schedule squeezed
 * @param epsilon the probability of a mask at t = 0 and of none at t = 1, in (0, 1/2), if the base
 *     runs from 1 to 0
 */
public record ClippedSchedule(MaskingSchedule base, double epsilon) implements MaskingSchedule {
  /** The reference code's epsilon. */
  public static final double REFERENCE_EPSILON = 1e-4;

  /** Rejects an epsilon that leaves no range. */
  public ClippedSchedule {
    if (!(epsilon > 0 && epsilon < 0.5)) {
      throw new IllegalArgumentException(
          "epsilon ("
              + epsilon
              + ") must be in (0, 0.5); to train without clipping use the base schedule itself");
    }
  }

  @Override
  public double alpha(double t) {
    return range() * base.alpha(t) + epsilon;
  }

  @Override
  public double oneMinusAlpha(double t) {
    return range() * base.oneMinusAlpha(t) + epsilon;
  }

  @Override
  public double alphaPrime(double t) {
    return range() * base.alphaPrime(t);
  }

  @Override
  public double inverseAlpha(double alpha) {
    return base.inverseAlpha((AlphaRange.clamped(this, alpha) - epsilon) / range());
  }

  private double range() {
    return 1 - 2 * epsilon;
  }
}
