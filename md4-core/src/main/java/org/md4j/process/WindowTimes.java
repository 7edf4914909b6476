package org.md4j.process;

import org.md4j.core.Checks;

/**
 * A law with a share of all times evenly in a window and the rest evenly outside of it.
 *
 * <pre>
 *   q(t) = share / (to - from)               from &lt;= t &lt; to
 *          (1 - share) / (1 - to + from)     elsewhere
 * </pre>
 *
 * <p>Deviation: the windows of the literature (Arriola et al., "Block diffusion", arXiv 2503.09573,
 * clip the share of masks to [beta, omega]) never draw a time outside, which makes their loss a
 * biased estimate of the bound. Here some times are outside, and the weights keep it unbiased.
 *
 * @param from the window's start, in [0, to)
 * @param to the window's end, in (from, 1]; the window is not all of [0, 1]
 * @param share of times in the window, in (0, 1)
 */
public record WindowTimes(double from, double to, double share) implements TimeLaw {
  /** Checks the window and its share. */
  public WindowTimes {
    if (!(from >= 0 && from < to && to <= 1 && to - from < 1)) {
      throw new IllegalArgumentException(
          "window [from, to) must lie in [0, 1] and leave something out, got [%s, %s)"
              .formatted(from, to));
    }
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "share ("
              + share
              + ") must be in (0, 1): a loss that never sees the times outside is no bound");
    }
  }

  @Override
  public double time(double u) {
    double before = from * outside();
    Checks.time(u);
    if (u < before) {
      return u / outside();
    }
    if (u < before + share) {
      return Math.min(from + (u - before) * (to - from) / share, Math.nextDown(to));
    }
    return Math.min(to + (u - before - share) / outside(), Math.nextDown(1.0));
  }

  @Override
  public double density(double t) {
    Checks.time(t);
    return t >= from && t < to ? share / (to - from) : outside();
  }

  /** The density outside the window. */
  private double outside() {
    return (1 - share) / (1 - (to - from));
  }
}
