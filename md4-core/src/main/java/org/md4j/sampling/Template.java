package org.md4j.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

/**
 * A row with blanks: known tokens, and masks where a sampler is to fill something in. Blanks may be
 * anywhere. Fill it with a sampler on {@link Decoding#forInfilling}. Immutable.
 *
 * @param row [1, N]
 */
public record Template(TokenBatch row) {
  /** Checks that there is one row with something to fill. */
  public Template {
    if (row.rows() != 1) {
      throw new IllegalArgumentException(
          "row must have shape [1, N], got [" + row.rows() + ", " + row.length() + "]");
    }
    if (row.maskedPositions().length == 0) {
      throw new IllegalArgumentException("row must hold at least one blank, got none");
    }
  }

  /**
   * Returns a template of some tokens.
   *
   * @param tokens [N], values 0..V; V, the mask, is a blank
   */
  public static Template of(Vocabulary vocabulary, int... tokens) {
    return new Template(TokenBatch.of(vocabulary, tokens));
  }

  /** The length N of the row in tokens. */
  public int length() {
    return row.length();
  }

  /** Returns the positions to fill, ascending. */
  public int[] blanks() {
    return row.maskedPositions();
  }

  /** Returns the start of sampling: this row B times, [B, N]. */
  public TokenBatch start(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows (" + rows + ") must be at least 1");
    }
    int[][] copies = new int[rows][];
    Arrays.fill(copies, row.row(0));
    return TokenBatch.of(row.vocabulary(), copies);
  }

  /**
   * Returns the template with every run of neighbouring blanks replaced by one of another length.
   *
   * @param length blanks of each run, at least 1
   */
  public Template withBlankLength(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length (" + length + ") must be at least 1");
    }
    int mask = row.vocabulary().maskId();
    IntStream.Builder tokens = IntStream.builder();
    for (int n = 0; n < row.length(); n++) {
      if (!row.isMasked(n)) {
        tokens.add(row.token(n));
      } else if (n == 0 || !row.isMasked(n - 1)) {
        IntStream.range(0, length).forEach(i -> tokens.add(mask));
      }
    }
    return of(row.vocabulary(), tokens.build().toArray());
  }
}
