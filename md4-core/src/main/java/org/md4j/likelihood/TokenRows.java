package org.md4j.likelihood;

import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

/**
 * Held-out rows of tokens, all of the same length, any of which can be had at any time.
 *
 * <p>Row i is the same whenever it is asked for. Implementations need not be safe for use by many
 * threads.
 */
public interface TokenRows {
  /** The vocabulary of every row. */
  Vocabulary vocabulary();

  /** N, tokens in a row, at least 1. */
  int length();

  /** How many rows there are, at least 1. */
  long rows();

  /**
   * Some of the rows.
   *
   * @param indices numbers of rows, [B], each in {@code 0 .. rows()-1}, in any order, possibly
   *     repeated; at least one
   * @return [B, N], row b is row {@code indices[b]}; no masks
   */
  TokenBatch rows(long[] indices);

  /**
   * The classes of some of the rows. With them what is measured is the likelihood of rows given
   * their classes.
   *
   * @param indices numbers of rows, [B], as for {@link #rows(long[])}
   * @return [B], the class of row {@code indices[b]} at b; or none, [0], the default, for rows
   *     without classes
   */
  default int[] labels(long[] indices) {
    return new int[0];
  }

  /**
   * The rows of a batch.
   *
   * @param batch [B, N], no masks
   */
  static TokenRows of(TokenBatch batch) {
    return new BatchRows(batch);
  }
}
