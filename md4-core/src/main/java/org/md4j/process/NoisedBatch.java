package org.md4j.process;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;

/**
 * A batch of clean rows with what belongs to them, the same rows with some tokens masked, and the
 * times at which they are masked.
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
public record NoisedBatch(Rows clean, TokenBatch noisy, double[] times, int[] maskedPositions) {
  /** Checks that the parts belong together. */
  public NoisedBatch {
    requireSameShape(clean.tokens(), noisy);
    Checks.times("times", times, clean.count());
    Checks.clean(clean.tokens());
    for (int i = 0; i < clean.count() * clean.length(); i++) {
      if (!noisy.isMasked(i) && noisy.token(i) != clean.tokens().token(i)) {
        throw new IllegalArgumentException(
            "noisy token (%d) at row %d, position %d must be the clean token or the mask, got clean token %d"
                .formatted(
                    noisy.token(i),
                    i / clean.length(),
                    i % clean.length(),
                    clean.tokens().token(i)));
      }
    }
    if (!Arrays.equals(maskedPositions, noisy.maskedPositions())) {
      throw new IllegalArgumentException(
          "maskedPositions must list every mask of noisy in ascending order; let"
              + " NoisedBatch.of(clean, noisy, times) derive them");
    }
  }

  /**
   * Makes a batch whose masked positions are read off.
   *
   * @param clean [B, N], no masks
   * @param noisy [B, N], at each position the clean token or the mask
   * @param times [B], in [0, 1]
   * @throws IllegalArgumentException if the parts do not belong together
   */
  public static NoisedBatch of(Rows clean, TokenBatch noisy, double[] times) {
    return new NoisedBatch(clean, noisy, times, noisy.maskedPositions());
  }

  /** The clean tokens at the masked positions, [P]. */
  public int[] targets() {
    int[] targets = new int[maskedPositions.length];
    Arrays.setAll(targets, i -> clean.tokens().token(maskedPositions[i]));
    return targets;
  }

  /** The row, 0..B-1, of a flat position. */
  public int rowOf(int position) {
    return position / clean.length();
  }

  /**
   * Returns what a network is asked: the noisy rows, with the labels and numbers of the clean ones.
   *
   * @param positions flat, [P], strictly ascending, at least one
   */
  public DenoiserInput question(int... positions) {
    return new DenoiserInput(clean.withTokens(noisy), times, positions);
  }

  /**
   * Returns rows {@code from} (inclusive) to {@code to} (exclusive), with their own labels and
   * numbers.
   */
  public NoisedBatch part(int from, int to) {
    return of(clean.part(from, to), noisy.rows(from, to), Arrays.copyOfRange(times, from, to));
  }

  private static void requireSameShape(TokenBatch clean, TokenBatch noisy) {
    if (!clean.vocabulary().equals(noisy.vocabulary())
        || clean.rows() != noisy.rows()
        || clean.length() != noisy.length()) {
      throw new IllegalArgumentException(
          "noisy must have the shape and vocabulary of clean, " + clean + ", got " + noisy);
    }
  }
}
