package org.md4j.schedule;

import org.md4j.core.Checks;

/**
 * Masks tokens at a constant pace: {@code alpha(t) = 1 - t}, weight {@code 1/t}.
 *
 * <p>The paper's schedule of best likelihood. Called log-linear noise elsewhere. The weight is
 * infinite at t = 0.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, Figure 1 and Table 4.
 */
public record LinearSchedule() implements MaskingSchedule {
  @Override
  public double alpha(double t) {
    return 1 - Checks.time(t);
  }

  @Override
  public double oneMinusAlpha(double t) {
    return Checks.time(t);
  }

  @Override
  public double alphaPrime(double t) {
    Checks.time(t);
    return -1;
  }

  @Override
  public double weight(double t) {
    return 1 / Checks.time(t);
  }

  @Override
  public double inverseAlpha(double alpha) {
    return 1 - AlphaRange.clamped(this, alpha);
  }
}
