package org.md4j.core;

import java.util.Arrays;
import java.util.Optional;

/**
 * Rows to train on or to measure: a numbered set of clean rows of N tokens, any of which can be had
 * at any time.
 *
 * <p>Contract, published as {@code org.md4j.contract.RowSourceContract} in the {@code contracts}
 * jar of md4-core: the same index gives the same row, always and to any thread; no row holds a
 * mask; labels are in range; {@link #rows} agrees with {@link #row} and {@link #label}; {@link
 * #prefetch} changes nothing. Since a trainer asks by index, a source that keeps to this gives a
 * resumed run what the unbroken one would have been given.
 */
public interface RowSource {
  /**
   * Makes a source of rows in memory; of rows with labels, K is the largest label plus 1.
   *
   * @param name what reports call them
   * @param rows no masks; their example numbers are not read. The labels are not copied
   */
  static RowSource of(String name, Rows rows) {
    return of(name, rows, Arrays.stream(rows.labels()).max().orElse(-1) + 1);
  }

  /**
   * Makes a source of rows in memory with more classes than they may show. Its {@link #sha256} is
   * computed over tokens and labels.
   *
   * @param name what reports call them
   * @param rows no masks; their example numbers are not read. The labels are not copied
   * @param classes K, greater than every label; 0 for rows without labels
   */
  static RowSource of(String name, Rows rows, int classes) {
    return MemoryRows.of(name, rows, classes);
  }

  /** The vocabulary of the tokens. */
  Vocabulary vocabulary();

  /** The length N of a row in tokens, at least 1. */
  int length();

  /** The number of rows, at least 1. */
  long size();

  /**
   * Writes one row.
   *
   * @param index in {@code [0, size)}
   * @param into [N], overwritten with clean tokens, none of them the mask
   * @throws IndexOutOfBoundsException if there is no such row
   * @throws IllegalArgumentException if {@code into} does not have N entries
   */
  void row(long index, int[] into);

  /** The name by which reports call these rows: data, part and how it is cut. */
  String name();

  /** The SHA-256 of what is behind the rows, in hex: the identity of the data. */
  String sha256();

  /**
   * The identity of what made the tokens of text; empty, the default, for tokens that were never
   * text.
   */
  default Optional<TokenizerIdentity> tokenizer() {
    return Optional.empty();
  }

  /** The number K of classes the rows are labelled with; 0, the default, if they have none. */
  default int classes() {
    return 0;
  }

  /**
   * The class of one row; asked only of labelled ones.
   *
   * @param index in {@code [0, size)}
   * @return in {@code [0, K)}
   */
  default int label(long index) {
    throw new IllegalStateException(
        "label of row " + index + " must not be asked for: " + name() + " has no classes");
  }

  /**
   * Says which rows will be asked for soon, so that a source that decodes them can begin. A hint:
   * it returns at once, changes no result, and the default ignores it.
   *
   * @param indices in the order they will be asked for; read before this returns
   */
  default void prefetch(long... indices) {}

  /**
   * Returns some of the rows, with the labels they have, numbered from example 0.
   *
   * @param indices numbers of rows, [B], each in {@code [0, size)}, in any order, possibly
   *     repeated; at least one
   * @return row b is row {@code indices[b]}
   */
  default Rows rows(long... indices) {
    int[][] tokens = new int[indices.length][length()];
    int[] labels = new int[classes() == 0 ? 0 : indices.length];
    for (int b = 0; b < indices.length; b++) {
      row(indices[b], tokens[b]);
      if (labels.length > 0) {
        labels[b] = label(indices[b]);
      }
    }
    return Rows.of(TokenBatch.of(vocabulary(), tokens)).withLabels(labels);
  }

  /** Returns the same rows without their classes, for a network that has none: a view. */
  default RowSource withoutLabels() {
    return classes() == 0 ? this : new UnlabelledRows(this);
  }

  /**
   * Returns at most so many rows, spread evenly over these, so that sets sorted by class are seen
   * as a whole: a view, of row {@code i * size / most}; these rows themselves if they are no more.
   *
   * @param most at least 1
   */
  default RowSource spread(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("most (" + most + ") must be at least 1");
    }
    return most >= size() ? this : new SpreadRows(this, most);
  }
}
