package org.md4j.data;

import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;

/**
 * A long string of tokens in memory, one byte a token (so at most 256 real values), or a part of
 * one.
 *
 * <p>Immutable and safe for use by many threads. A part shares the memory of the whole.
 */
public final class TokenSequence {
  private final Vocabulary vocabulary;
  private final String name;
  private final String sha256;
  private final BytePages tokens;
  private final long offset;
  private final long length;

  private TokenSequence(
      Vocabulary vocabulary,
      String name,
      String sha256,
      BytePages tokens,
      long offset,
      long length) {
    this.vocabulary = vocabulary;
    this.name = name;
    this.sha256 = sha256;
    this.tokens = tokens;
    this.offset = offset;
    this.length = length;
  }

  /** A whole sequence; the pages are not copied and must not change any more. */
  public static TokenSequence of(
      Vocabulary vocabulary, String name, String sha256, BytePages tokens) {
    return new TokenSequence(vocabulary, name, sha256, tokens, 0, tokens.size());
  }

  /** The vocabulary the ids belong to. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** What this is called in reports; of a part, with its range. */
  public String name() {
    return name;
  }

  /** SHA-256 of the unpacked text this (or the whole this is a part of) was read from, in hex. */
  public String sha256() {
    return sha256;
  }

  /** The number of tokens. */
  public long length() {
    return length;
  }

  /** The token at an index in {@code [0, length)}. */
  public int token(long index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException("index (" + index + ") must be in [0, " + length + ")");
    }
    return tokens.get(offset + index);
  }

  /** Fills {@code into} with the tokens from index {@code from} on. */
  public void copy(long from, int[] into) {
    if (from < 0 || from + into.length > length) {
      throw new IndexOutOfBoundsException(
          "tokens [%d, %d) must be in [0, %d)".formatted(from, from + into.length, length));
    }
    for (int i = 0; i < into.length; i++) {
      into[i] = tokens.get(offset + from + i);
    }
  }

  /** Tokens {@code from} (inclusive) to {@code to} (exclusive), as a view. */
  public TokenSequence part(long from, long to) {
    if (from < 0 || to < from || to > length) {
      throw new IndexOutOfBoundsException(
          "part [%d, %d) must be in [0, %d)".formatted(from, to, length));
    }
    return new TokenSequence(
        vocabulary,
        "%s [%d, %d)".formatted(name, from, to),
        sha256,
        tokens,
        offset + from,
        to - from);
  }

  /**
   * Returns every window of N consecutive tokens, overlapping: {@code size = tokens - N + 1}. What
   * MD4 trains on (reference code b9fbf29).
   *
   * @param length N, at least 1
   * @throws DataException if the sequence is shorter than one window
   */
  public RowSource windows(int length) {
    return new SequenceRows(this, length, 1, "windows");
  }

  /**
   * Returns consecutive chunks of N tokens that do not overlap; a shorter rest is dropped. What MD4
   * is evaluated on (reference code b9fbf29).
   *
   * @param length N, at least 1
   * @throws DataException if the sequence is shorter than one chunk
   */
  public RowSource chunks(int length) {
    return new SequenceRows(this, length, length, "chunks");
  }

  @Override
  public String toString() {
    return "TokenSequence[" + name + ", " + length + " tokens, V=" + vocabulary.size() + "]";
  }
}
