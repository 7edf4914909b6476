package org.md4j.process;

import org.md4j.core.Checks;

/**
 * The law of {@code t = u^(1 + exponent)}: more rows with few masks, where the bound's weight is
 * large and a gradient is noisy, each with a smaller weight.
 *
 * <pre>
 *   q(t) = t^(-exponent / (1 + exponent)) / (1 + exponent)      1/q(t) = (1 + exponent) t^(exponent / (1 + exponent))
 * </pre>
 *
 * <p>Under a linear schedule the bound weighs a row by 1/t. With {@code exponent = 1} what is left
 * of that is {@code 2 / sqrt(t)}, and rows with few masks also cost less time, because the network
 * is asked about fewer positions.
 *
 * @param exponent in [0, {@value #MOST}]; 0 is the uniform law
 */
public record PowerTimes(double exponent) implements TimeLaw {
  /** The greatest exponent: with it half of all rows have times below 0.0005 already. */
  public static final double MOST = 10;

  /** Checks the range. */
  public PowerTimes {
    if (!(exponent >= 0 && exponent <= MOST)) {
      throw new IllegalArgumentException(
          "exponent (" + exponent + ") must be in [0, " + MOST + "]");
    }
  }

  @Override
  public double time(double u) {
    return Math.pow(Checks.time(u), 1 + exponent);
  }

  @Override
  public double density(double t) {
    return 1 / weight(t);
  }

  @Override
  public double weight(double t) {
    return (1 + exponent) * Math.pow(Checks.time(t), exponent / (1 + exponent));
  }
}
