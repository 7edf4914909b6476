package org.md4j.train;

/**
 * Thrown when a loss or gradient stops being finite; the parameters are still those before that
 * step.
 */
public final class TrainingDivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int step;
  private final double bitsPerToken;

  TrainingDivergedException(int step, double bitsPerToken, double gradientNorm) {
    super(
        "training diverged in step %d: bits per token (%s) and gradient norm (%s) must be finite; lower the learning rate, lengthen the warm-up or set a clip norm"
            .formatted(step, bitsPerToken, gradientNorm));
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
