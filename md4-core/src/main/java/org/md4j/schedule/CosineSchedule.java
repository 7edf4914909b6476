package org.md4j.schedule;

import org.md4j.core.Checks;

/**
 * Masks tokens fast at first and slowly at the end: {@code alpha(t) = 1 - cos(pi/2 (1 - t))},
 * weight {@code (pi/2) tan(pi/2 (1 - t))}.
 *
 * <p>Read backwards, sampling starts slowly, when least is known: the paper's schedule of best
 * samples. The weight is infinite at t = 0 and 0 at t = 1.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, Figure 1 and Table 4.
 */
public record CosineSchedule() implements MaskingSchedule {
  private static final double HALF_PI = Math.PI / 2;

  @Override
  public double alpha(double t) {
    if (Checks.time(t) < 0.5) {
      return 1 - oneMinusAlpha(t); // Exactly 1 at t = 0.
    }
    // 1 - cos(x) = 2 sin^2(x/2) keeps its digits near t = 1, where alpha is small.
    double sine = Math.sin(HALF_PI / 2 * (1 - t));
    return 2 * sine * sine;
  }

  @Override
  public double oneMinusAlpha(double t) {
    return Math.sin(HALF_PI * Checks.time(t));
  }

  @Override
  public double alphaPrime(double t) {
    return -HALF_PI * Math.sin(HALF_PI * (1 - Checks.time(t)));
  }

  @Override
  public double weight(double t) {
    // tan is far from its pole in both halves, so that both ends are exact: infinity and 0.
    return Checks.time(t) < 0.5
        ? HALF_PI / Math.tan(HALF_PI * t)
        : HALF_PI * Math.tan(HALF_PI * (1 - t));
  }

  @Override
  public double inverseAlpha(double alpha) {
    double target = AlphaRange.clamped(this, alpha);
    return target > 0.5
        ? Math.asin(1 - target) / HALF_PI
        : 1 - 2 * Math.asin(Math.sqrt(target / 2)) / HALF_PI;
  }
}
