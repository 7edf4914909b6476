package org.md4j.train;

import java.util.Optional;

/**
 * Thrown when losses or gradients stay not finite; the parameters are still those before the first
 * such step.
 */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int step;
  private final double bitsPerToken;

  TrainingDivergedException(
      int step, int skips, double bitsPerToken, double gradientNorm, Optional<String> parameter) {
    super(
        "training diverged in step %d%s: bits per token (%s) and gradient norm (%s%s) must be finite; lower the learning rate, lengthen the warm-up or set a clip norm"
            .formatted(
                step,
                skips == 0 ? "" : " after %d steps left out".formatted(skips),
                bitsPerToken,
                gradientNorm,
                parameter.map(name -> ", from " + name + " on").orElse("")));
    this.step = step;
    this.bitsPerToken = bitsPerToken;
  }

  /** The step, counted from 1, whose update was not made. */
  public int step() {
    return step;
  }

  /** The step's loss. */
  public double bitsPerToken() {
    return bitsPerToken;
  }
}
