package org.md4j.schedule;

import org.md4j.core.Checks;

/**
 * Masks tokens as a power of time: {@code alpha(t) = 1 - t^power}, weight {@code power/t}.
 *
 * <p>Power 1 is the linear schedule. The weight is infinite at t = 0; for powers below 1 so is the
 * derivative of alpha.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, Figure 1 and Table 4.
 *
 * @param power positive and finite
 */
public record PolynomialSchedule(double power) implements MaskingSchedule {
  /** Rejects a power with which alpha would not fall from 1 to 0. */
  public PolynomialSchedule {
    if (!(power > 0 && power < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("power (" + power + ") must be positive and finite");
    }
  }

  @Override
  public double alpha(double t) {
    // 1 - t^power without its cancellation near t = 1. ln 0 gives alpha(0) = 1 exactly; subtracting
    // from 0 instead of negating gives alpha(1) = 0, not -0.
    return 0 - Math.expm1(power * Math.log(Checks.time(t)));
  }

  @Override
  public double oneMinusAlpha(double t) {
    return Math.pow(Checks.time(t), power);
  }

  @Override
  public double alphaPrime(double t) {
    return -power * Math.pow(Checks.time(t), power - 1);
  }

  @Override
  public double weight(double t) {
    return power / Checks.time(t);
  }

  @Override
  public double inverseAlpha(double alpha) {
    return Math.exp(Math.log1p(-AlphaRange.clamped(this, alpha)) / power);
  }
}
