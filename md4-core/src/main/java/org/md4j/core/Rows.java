package org.md4j.core;

import java.util.Arrays;

/**
 * Rows of tokens with what belongs to them: a label for each, if they have classes, and the numbers
 * by which randomness is drawn for them.
 *
 * <p>Row b has example number {@code firstExample + b}. Every random number drawn for a row is a
 * function of its example number, so a batch cut into parts with {@link #part} gives the results of
 * the whole.
 *
 * <p>The labels are not copied; nobody may change them while the rows are in use. Records holding
 * arrays compare by identity of the arrays: do not use one as a key.
 *
 * @param tokens [B, N], values 0..V
 * @param labels the class of each row, [B], each at least 0; or none, [0], for rows without classes
 * @param firstExample the number of row 0, at least 0
 */
public record Rows(TokenBatch tokens, int[] labels, long firstExample) {
  private static final int[] NO_LABELS = {};

  /** Checks that there is a label for every row or for none, and every range. */
  public Rows {
    if (labels.length != 0 && labels.length != tokens.rows()) {
      throw new IllegalArgumentException(
          "labels must be empty or have shape [B] = [%d], got [%d]"
              .formatted(tokens.rows(), labels.length));
    }
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0) {
        throw new IllegalArgumentException(
            "label (%d) of row %d must be at least 0".formatted(labels[row], row));
      }
    }
    if (firstExample < 0) {
      throw new IllegalArgumentException("firstExample (" + firstExample + ") must be at least 0");
    }
  }

  /** Returns rows without classes, numbered from 0. */
  public static Rows of(TokenBatch tokens) {
    return new Rows(tokens, NO_LABELS, 0);
  }

  /** Returns the same rows with these labels, [B], or with none, [0]. */
  public Rows withLabels(int... labels) {
    return new Rows(tokens, labels, firstExample);
  }

  /** Returns the same rows without labels. */
  public Rows withoutLabels() {
    return withLabels(NO_LABELS);
  }

  /** Returns the same rows numbered from another example on. */
  public Rows withFirstExample(long firstExample) {
    return new Rows(tokens, labels, firstExample);
  }

  /** Returns other tokens, [B, any length], with these labels and numbers. */
  public Rows withTokens(TokenBatch tokens) {
    return new Rows(tokens, labels, firstExample);
  }

  /** The vocabulary of the tokens. */
  public Vocabulary vocabulary() {
    return tokens.vocabulary();
  }

  /** The number B of rows. */
  public int count() {
    return tokens.rows();
  }

  /** The length N of a row in tokens. */
  public int length() {
    return tokens.length();
  }

  /** Says whether the rows have labels. */
  public boolean hasLabels() {
    return labels.length > 0;
  }

  /**
   * Returns the labels of some rows, or none, [0], if the rows have no classes.
   *
   * @param rows in {@code [0, B)}, in any order, possibly repeated
   */
  public int[] labelsOf(int... rows) {
    return hasLabels() ? Arrays.stream(rows).map(row -> labels[row]).toArray() : NO_LABELS;
  }

  /** Returns rows {@code from} (inclusive) to {@code to} (exclusive), with their own numbers. */
  public Rows part(int from, int to) {
    return new Rows(
        tokens.rows(from, to),
        hasLabels() ? Arrays.copyOfRange(labels, from, to) : NO_LABELS,
        firstExample + from);
  }

  /**
   * Returns every row several times, the copies of a row beside each other: row b becomes rows
   * {@code b * times} to {@code (b + 1) * times - 1}. The copies are numbered from {@link
   * #firstExample} on, each with a number of its own.
   *
   * @param times at least 1
   */
  public Rows repeated(int times) {
    int length = length();
    int[] flat = tokens.toFlat();
    int[] copies = new int[Math.multiplyExact(flat.length, times)];
    int[] copiedLabels = new int[labels.length * times];
    for (int row = 0; row < count() * times; row++) {
      System.arraycopy(flat, row / times * length, copies, row * length, length);
    }
    Arrays.setAll(copiedLabels, row -> labels[row / times]);
    return new Rows(
        TokenBatch.ofFlat(vocabulary(), count() * times, copies), copiedLabels, firstExample);
  }

  @Override
  public String toString() {
    return "Rows[%s, %s, from example %d]"
        .formatted(tokens, hasLabels() ? "labelled" : "no labels", firstExample);
  }
}
