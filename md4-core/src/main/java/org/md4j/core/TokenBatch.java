package org.md4j.core;

import java.util.Arrays;

/**
 * B rows of N token ids each, values {@code 0 .. V}, where V is the mask.
 *
 * <p>Immutable: the factories copy what they are given and the accessors copy what they return. Two
 * batches are equal if vocabulary, shape and tokens are.
 */
public final class TokenBatch {
  private final Vocabulary vocabulary;
  private final int rows;
  private final int length;
  private final int[] tokens;

  private TokenBatch(Vocabulary vocabulary, int rows, int length, int[] tokens) {
    this.vocabulary = vocabulary;
    this.rows = rows;
    this.length = length;
    this.tokens = tokens;
  }

  /**
   * Makes a batch of the given rows.
   *
   * @param rows [B][N], every row of the same length, at least one row and one token
   * @throws IllegalArgumentException if rows differ in length or a token is outside {@code 0 .. V}
   */
  public static TokenBatch of(Vocabulary vocabulary, int[]... rows) {
    if (rows.length == 0 || rows[0].length == 0) {
      throw new IllegalArgumentException(
          "rows must hold at least one row of at least one token, got none");
    }
    int length = rows[0].length;
    int[] tokens = new int[Math.multiplyExact(rows.length, length)];
    for (int b = 0; b < rows.length; b++) {
      if (rows[b].length != length) {
        throw new IllegalArgumentException(
            "rows[" + b + "] must have length " + length + " like rows[0], got " + rows[b].length);
      }
      System.arraycopy(rows[b], 0, tokens, b * length, length);
    }
    return ofFlat(vocabulary, rows.length, tokens);
  }

  /**
   * Makes a batch of {@code rows} rows read one after another from {@code tokens}.
   *
   * @param tokens [B * N], row by row
   * @throws IllegalArgumentException if the tokens do not fill the rows evenly or one is outside
   *     {@code 0 .. V}
   */
  public static TokenBatch ofFlat(Vocabulary vocabulary, int rows, int[] tokens) {
    if (rows < 1 || tokens.length == 0 || tokens.length % rows != 0) {
      throw new IllegalArgumentException(
          "rows ("
              + rows
              + ") must be at least 1 and divide the number of tokens, got "
              + tokens.length
              + " tokens");
    }
    int length = tokens.length / rows;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] > vocabulary.maskId()) {
        throw new IllegalArgumentException(
            "token ("
                + tokens[i]
                + ") at row "
                + i / length
                + ", position "
                + i % length
                + " must be in 0.."
                + vocabulary.maskId()
                + " (the last is the mask)");
      }
    }
    return new TokenBatch(vocabulary, rows, length, tokens.clone());
  }

  /** Makes a batch of masks only: the start of sampling. */
  public static TokenBatch allMasked(Vocabulary vocabulary, int rows, int length) {
    if (rows < 1 || length < 1) {
      throw new IllegalArgumentException(
          "rows (" + rows + ") and length (" + length + ") must be at least 1");
    }
    int[] tokens = new int[Math.multiplyExact(rows, length)];
    Arrays.fill(tokens, vocabulary.maskId());
    return new TokenBatch(vocabulary, rows, length, tokens);
  }

  /** The vocabulary the ids belong to. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The number B of rows. */
  public int rows() {
    return rows;
  }

  /** The length N of a row in tokens. */
  public int length() {
    return length;
  }

  /** The id at a row and position. */
  public int token(int row, int position) {
    return tokens[row * length + position];
  }

  /** The id at flat index {@code row * N + position}. */
  public int token(int flatIndex) {
    return tokens[flatIndex];
  }

  /** Says whether the token at flat index {@code row * N + position} is the mask. */
  public boolean isMasked(int flatIndex) {
    return tokens[flatIndex] == vocabulary.maskId();
  }

  /** Copies one row, [N]. */
  public int[] row(int row) {
    return Arrays.copyOfRange(tokens, row * length, (row + 1) * length);
  }

  /** Copies all tokens, [B * N], row by row. */
  public int[] toFlat() {
    return tokens.clone();
  }

  /** Returns rows {@code from} (inclusive) to {@code to} (exclusive) as a batch of their own. */
  public TokenBatch rows(int from, int to) {
    if (from < 0 || to <= from || to > rows) {
      throw new IllegalArgumentException(
          "rows [" + from + ", " + to + ") must be a non-empty part of [0, " + rows + ")");
    }
    return new TokenBatch(
        vocabulary, to - from, length, Arrays.copyOfRange(tokens, from * length, to * length));
  }

  /** Returns the flat indices {@code row * N + n} of all masked positions, ascending: [P]. */
  public int[] maskedPositions() {
    int count = 0;
    for (int token : tokens) {
      count += token == vocabulary.maskId() ? 1 : 0;
    }
    int[] positions = new int[count];
    int next = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] == vocabulary.maskId()) {
        positions[next++] = i;
      }
    }
    return positions;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenBatch that
        && vocabulary.equals(that.vocabulary)
        && rows == that.rows
        && Arrays.equals(tokens, that.tokens);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * vocabulary.hashCode() + rows) + Arrays.hashCode(tokens);
  }

  @Override
  public String toString() {
    return "TokenBatch[B=" + rows + ", N=" + length + ", V=" + vocabulary.size() + "]";
  }
}
