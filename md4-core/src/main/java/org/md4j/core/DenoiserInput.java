package org.md4j.core;

import java.util.Arrays;

/**
 * One question to a {@link Denoiser}: what are the clean tokens at these positions of these rows?
 *
 * <p>The arrays are not copied; neither side may change them while the question is being answered.
 * Records holding arrays compare by identity of the arrays: do not use one as a key.
 *
 * @param tokens noisy rows, [B, N], values 0..V
 * @param times the time of each row, [B], in [0, 1]; a network without time conditioning ignores it
 * @param labels the class of each row, [B], or empty, [0], for a network without classes
 * @param positions flat indices {@code row * N + n} at which logits are wanted, [P], strictly
 *     ascending, at least one
 */
public record DenoiserInput(TokenBatch tokens, double[] times, int[] labels, int[] positions) {
  private static final int[] NO_LABELS = {};

  /** Checks every shape and range. */
  public DenoiserInput {
    if (times.length != tokens.rows()) {
      throw new IllegalArgumentException(
          "times must have shape [B] = [" + tokens.rows() + "], got [" + times.length + "]");
    }
    for (double time : times) {
      if (!(time >= 0 && time <= 1)) {
        throw new IllegalArgumentException("time (" + time + ") must be in [0, 1]");
      }
    }
    if (labels.length != 0 && labels.length != tokens.rows()) {
      throw new IllegalArgumentException(
          "labels must be empty or have shape [B] = ["
              + tokens.rows()
              + "], got ["
              + labels.length
              + "]");
    }
    if (positions.length == 0) {
      throw new IllegalArgumentException("positions must hold at least one position, got none");
    }
    int cells = tokens.rows() * tokens.length();
    int previous = -1;
    for (int position : positions) {
      if (position <= previous || position >= cells) {
        throw new IllegalArgumentException(
            "position ("
                + position
                + ") must be in 0.."
                + (cells - 1)
                + " and greater than the one before it ("
                + previous
                + ")");
      }
      previous = position;
    }
  }

  /** A question without class labels. */
  public DenoiserInput(TokenBatch tokens, double[] times, int[] positions) {
    this(tokens, times, NO_LABELS, positions);
  }

  /** A question about every position of every row. */
  public static DenoiserInput everywhere(TokenBatch tokens, double[] times) {
    int[] positions = new int[tokens.rows() * tokens.length()];
    Arrays.setAll(positions, i -> i);
    return new DenoiserInput(tokens, times, positions);
  }
}
