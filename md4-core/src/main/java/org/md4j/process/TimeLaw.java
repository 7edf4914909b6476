package org.md4j.process;

import java.util.Arrays;
import org.md4j.core.Checks;

/**
 * The law by which the noise levels of training rows are drawn, on [0, 1].
 *
 * <p>A bound is an expectation over levels that are uniform. Drawn from another law of density q,
 * and each row weighed by {@code 1 / q(t)}, the expectation of its value and of its gradient stay
 * what they are; their variance does not:
 *
 * <pre>
 *   integral over t in [0, 1] of f(t) dt = E over t ~ q of f(t) / q(t)
 * </pre>
 *
 * <p>For {@link org.md4j.objective.ContinuousTimeElbo} a level is the time itself. What a network
 * is judged by never depends on this law: evaluation draws uniform levels.
 *
 * <p>A law of your own is best a record; hold it to {@code org.md4j.contract.TimeLawContract} in
 * the {@code contracts} jar of md4-core. Implementations are immutable values, safe for use by many
 * threads.
 *
 * <p>Source: importance sampling of times as in Kingma et al., "Variational diffusion models",
 * arXiv 2107.00630, appendix I; the paper (MD4, arXiv 2406.04329v4) draws them uniformly.
 */
public interface TimeLaw {
  /**
   * The time below which the share u of all draws lies: the inverse of the law's distribution
   * function. Increasing.
   *
   * @param u in [0, 1)
   * @return in [0, 1)
   */
  double time(double u);

  /**
   * The density q of the law.
   *
   * @param t in [0, 1]
   * @return above 0, infinite at most at the ends; its integral over [0, 1] is 1
   */
  double density(double t);

  /**
   * The weight of a row drawn at a time, {@code 1 / density(t)}, which keeps every bound unbiased.
   *
   * @param t in [0, 1]
   * @return at least 0, finite
   */
  default double weight(double t) {
    return 1 / density(t);
  }

  /**
   * Turns uniform levels into those of this law, each by itself: evenly spread ones stay evenly
   * spread over the law.
   *
   * @param uniform each in [0, 1)
   * @return of the same length, each in [0, 1)
   */
  default double[] times(double... uniform) {
    Checks.levels(uniform, uniform.length);
    return Arrays.stream(uniform).map(this::time).toArray();
  }

  /**
   * The weights of rows drawn at these times.
   *
   * @param times each in [0, 1)
   */
  default double[] weights(double... times) {
    return Arrays.stream(times).map(this::weight).toArray();
  }

  /** Returns the law of the paper: every time is as likely as every other. */
  static UniformTimes uniform() {
    return new UniformTimes();
  }

  /**
   * Returns the law of {@code u^(1 + exponent)}, which draws more rows with few masks.
   *
   * @param exponent at least 0; 0 is uniform
   */
  static PowerTimes power(double exponent) {
    return new PowerTimes(exponent);
  }

  /**
   * Returns a law with most times in a window and the others evenly outside.
   *
   * @param from the window's start, in [0, to)
   * @param to the window's end, in (from, 1]
   * @param share of times in the window, in (0, 1)
   */
  static WindowTimes window(double from, double to, double share) {
    return new WindowTimes(from, to, share);
  }

  /**
   * Returns a law with most times above a floor: the window from there to 1.
   *
   * @param from the floor, in (0, 1)
   * @param share of times above it, in (0, 1)
   */
  static WindowTimes floor(double from, double share) {
    return new WindowTimes(from, 1, share);
  }

  /**
   * Returns a normal law cut to [0, 1].
   *
   * @param peak the time at which the density is greatest, in [0, 1]
   * @param width the standard deviation before the cut, above 0
   */
  static BellTimes bell(double peak, double width) {
    return new BellTimes(peak, width);
  }
}
