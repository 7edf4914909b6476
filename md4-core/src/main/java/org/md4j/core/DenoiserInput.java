package org.md4j.core;

import java.util.Arrays;

/**
 * One question to a {@link Denoiser}: what are the clean tokens at these positions of these rows?
 *
 * <p>The arrays are not copied; neither side may change them while the question is being answered.
 * Records holding arrays compare by identity of the arrays: do not use one as a key.
 *
 * <p>The example numbers of the rows matter to {@link DifferentiableDenoiser#forwardForTraining}
 * alone; whoever asks for plain logits may leave them at 0.
 *
 * @param rows noisy rows, [B, N], values 0..V; with labels for a network with classes, without for
 *     one that has none
 * @param times the time of each row, [B], in [0, 1]; a network without time conditioning ignores it
 * @param positions flat indices {@code row * N + n} at which logits are wanted, [P], strictly
 *     ascending, at least one
 */
public record DenoiserInput(Rows rows, double[] times, int[] positions) {
  /** Checks every shape and range. */
  public DenoiserInput {
    if (times.length != rows.count()) {
      throw new IllegalArgumentException(
          "times must have shape [B] = [" + rows.count() + "], got [" + times.length + "]");
    }
    for (double time : times) {
      Checks.time(time);
    }
    if (positions.length == 0) {
      throw new IllegalArgumentException("positions must hold at least one position, got none");
    }
    int cells = rows.count() * rows.length();
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

  /** Makes a question without class labels. */
  public DenoiserInput(TokenBatch tokens, double[] times, int[] positions) {
    this(Rows.of(tokens), times, positions);
  }

  /** The tokens of the rows, [B, N], values 0..V. */
  public TokenBatch tokens() {
    return rows.tokens();
  }

  /** The classes of the rows, [B], or none, [0]. */
  public int[] labels() {
    return rows.labels();
  }

  /** Makes a question about every position of every row. */
  public static DenoiserInput everywhere(Rows rows, double[] times) {
    int[] positions = new int[rows.count() * rows.length()];
    Arrays.setAll(positions, i -> i);
    return new DenoiserInput(rows, times, positions);
  }
}
