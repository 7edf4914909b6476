package org.md4j.process;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.md4j.core.Checks;

/**
 * A normal law of times cut to [0, 1]: most rows have a share of masks about the peak, where
 * neighbours that are visible tell most about those that are not.
 *
 * <pre>
 *   q(t) = phi((t - peak) / width) / (width mass)      mass = Phi((1 - peak) / width) - Phi(-peak / width)
 * </pre>
 *
 * <p>Far from the peak of a narrow bell a row is rare and weighs much; a width of 0.2 about the
 * middle gives weights of 0.5 to 11. A bell that weighs any row by more than {@value #MOST_WEIGHT}
 * is refused: no sum survives that.
 *
 * @param peak the time at which the density is greatest, in [0, 1]
 * @param width the standard deviation before the cut, above 0
 */
public record BellTimes(double peak, double width) implements TimeLaw {
  /** The most a row may weigh. */
  public static final double MOST_WEIGHT = 1_000;

  /** Checks both ranges, and the weight farthest from the peak. */
  public BellTimes {
    if (!(peak >= 0 && peak <= 1)) {
      throw new IllegalArgumentException("peak (" + peak + ") must be in [0, 1]");
    }
    Checks.positive("width", width);
    NormalDistribution normal = new NormalDistribution(null, peak, width);
    double most = normal.probability(0, 1) / Math.min(normal.density(0), normal.density(1));
    if (!(most <= MOST_WEIGHT)) {
      throw new IllegalArgumentException(
          "width (%s) must be wide enough about peak %s to weigh no row by more than %s, got %s"
              .formatted(width, peak, MOST_WEIGHT, most));
    }
  }

  private NormalDistribution normal() {
    return new NormalDistribution(null, peak, width);
  }

  @Override
  public double time(double u) {
    NormalDistribution normal = normal();
    double below = normal.cumulativeProbability(0);
    double mass = normal.probability(0, 1);
    double time = normal.inverseCumulativeProbability(below + Checks.time(u) * mass);
    return Math.max(0, Math.min(time, Math.nextDown(1.0)));
  }

  @Override
  public double density(double t) {
    NormalDistribution normal = normal();
    return normal.density(Checks.time(t)) / normal.probability(0, 1);
  }
}
