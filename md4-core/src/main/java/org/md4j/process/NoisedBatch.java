package org.md4j.process;

import java.util.Arrays;
import org.md4j.core.TokenBatch;

/**
 * Clean rows, the same rows with some tokens masked, and when that happened.
 *
 * <p>The arrays are not copied; nobody may change them afterwards. Records holding arrays compare
 * by identity of the arrays: do not use one as a key.
 *
 * @param clean [B, N], no masks
 * @param noisy [B, N], at each position the clean token or the mask
 * @param times the time of each row, [B], in [0, 1]
 * @param maskedPositions flat indices {@code row * N + n} at which noisy holds the mask, ascending:
 *     [P], possibly empty
 */
public record NoisedBatch(
    TokenBatch clean, TokenBatch noisy, double[] times, int[] maskedPositions) {
  /** Checks that the parts belong together. */
  public NoisedBatch {
    requireSameShape(clean, noisy);
    Arguments.times("times", times, clean.rows());
    for (int i = 0; i < clean.rows() * clean.length(); i++) {
      if (clean.isMasked(i)) {
        throw new IllegalArgumentException(
            "clean must not hold masks, got one at " + place(clean, i));
      }
      if (!noisy.isMasked(i) && noisy.token(i) != clean.token(i)) {
        throw new IllegalArgumentException(
            "noisy token ("
                + noisy.token(i)
                + ") at "
                + place(clean, i)
                + " must be the clean token or the mask, got clean token "
                + clean.token(i));
      }
    }
    if (!Arrays.equals(maskedPositions, noisy.maskedPositions())) {
      throw new IllegalArgumentException(
          "maskedPositions must list every mask of noisy in ascending order; let"
              + " NoisedBatch.of(clean, noisy, times) derive them");
    }
  }

  /**
   * A batch whose masked positions are read off.
   *
   * @param clean [B, N], no masks
   * @param noisy [B, N], at each position the clean token or the mask
   * @param times [B], in [0, 1]
   * @throws IllegalArgumentException if the parts do not belong together
   */
  public static NoisedBatch of(TokenBatch clean, TokenBatch noisy, double[] times) {
    return new NoisedBatch(clean, noisy, times, noisy.maskedPositions());
  }

  /** The clean tokens at the masked positions, [P]. */
  public int[] targets() {
    int[] targets = new int[maskedPositions.length];
    Arrays.setAll(targets, i -> clean.token(maskedPositions[i]));
    return targets;
  }

  /** The row, 0..B-1, of the i-th masked position. */
  public int row(int i) {
    return maskedPositions[i] / clean.length();
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive) as a batch of their own. */
  public NoisedBatch rows(int from, int to) {
    TokenBatch cleanRows = clean.rows(from, to);
    return of(cleanRows, noisy.rows(from, to), Arrays.copyOfRange(times, from, to));
  }

  private static void requireSameShape(TokenBatch clean, TokenBatch noisy) {
    if (!clean.vocabulary().equals(noisy.vocabulary())
        || clean.rows() != noisy.rows()
        || clean.length() != noisy.length()) {
      throw new IllegalArgumentException(
          "noisy must have the shape and vocabulary of clean, " + clean + ", got " + noisy);
    }
  }

  private static String place(TokenBatch batch, int flatIndex) {
    return "row " + flatIndex / batch.length() + ", position " + flatIndex % batch.length();
  }
}
