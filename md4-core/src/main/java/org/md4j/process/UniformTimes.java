package org.md4j.process;

import org.md4j.core.Checks;

/**
 * The uniform law of times, the paper's: every row weighs 1.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, algorithm 1.
 */
public record UniformTimes() implements TimeLaw {
  @Override
  public double time(double u) {
    return Checks.time(u);
  }

  @Override
  public double density(double t) {
    Checks.time(t);
    return 1;
  }
}
