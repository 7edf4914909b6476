package org.md4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.core.RowSource;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

/**
 * A long string of tokens over any vocabulary, in memory or in a mapped file, or a part of one.
 *
 * <p>Immutable and safe for use by many threads. A part shares the memory of the whole, and has its
 * identity: the SHA-256 of the tokens, little-endian in the width they are stored in, so what
 * {@code sha256sum} prints of a file of them; of tokens made of text, that of the text.
 */
public final class TokenSequence {
  private static final int CHUNK = 1 << 16;

  private final Vocabulary vocabulary;
  private final String name;
  private final String sha256;
  private final @Nullable TokenizerIdentity tokenizer;
  private final TokenStore tokens;
  private final long offset;
  private final long length;

  private TokenSequence(
      Vocabulary vocabulary,
      String name,
      String sha256,
      @Nullable TokenizerIdentity tokenizer,
      TokenStore tokens,
      long offset,
      long length) {
    this.vocabulary = vocabulary;
    this.name = name;
    this.sha256 = sha256;
    this.tokenizer = tokenizer;
    this.tokens = tokens;
    this.offset = offset;
    this.length = length;
  }

  /**
   * Makes a sequence of tokens of one byte.
   *
   * @param name what reports and errors call it
   * @param tokens unsigned, 0..255; not copied, so nobody may change them any more
   * @throws DataException if there are none, or one is outside {@code [0, V)}
   */
  public static TokenSequence of(Vocabulary vocabulary, String name, byte[] tokens) {
    return of(vocabulary, name, TokenStore.of(tokens));
  }

  /**
   * Makes a sequence of tokens of two bytes.
   *
   * @param name what reports and errors call it
   * @param tokens unsigned, 0..65535; not copied, so nobody may change them any more
   * @throws DataException if there are none, or one is outside {@code [0, V)}
   */
  public static TokenSequence of(Vocabulary vocabulary, String name, short[] tokens) {
    return of(vocabulary, name, TokenStore.of(tokens));
  }

  /**
   * Makes a sequence of tokens of four bytes.
   *
   * @param name what reports and errors call it
   * @param tokens not copied, so nobody may change them any more
   * @throws DataException if there are none, or one is outside {@code [0, V)}
   */
  public static TokenSequence of(Vocabulary vocabulary, String name, int[] tokens) {
    return of(vocabulary, name, TokenStore.of(tokens));
  }

  /**
   * Maps a file of tokens, which may be larger than the memory, without header or separators. The
   * file is read through once, which checks every token and computes the hash.
   *
   * <p>There is nothing to close: the mapping ends when neither the sequence nor any part of it is
   * in use and the garbage collector has found that. Until then the file must not be changed or cut
   * short (a read beyond its end ends in an error of the Java platform), and Windows will not
   * delete it.
   *
   * @param name what reports and errors call it
   * @param file of little-endian tokens
   * @param width of each of them
   * @throws DataException if there is no such file, it is empty, its size is not a whole number of
   *     tokens, or a token is outside {@code [0, V)}
   */
  public static TokenSequence map(Vocabulary vocabulary, String name, Path file, TokenWidth width) {
    return of(vocabulary, name, MappedTokens.open(file, width, MappedTokens.SEGMENT_BITS));
  }

  /** Returns a builder of a sequence whose tokens come one after the other. */
  public static TokenSequenceBuilder builder(Vocabulary vocabulary, String name) {
    return new TokenSequenceBuilder(vocabulary, name);
  }

  /** Checks every token and computes the hash, in one pass. */
  static TokenSequence of(Vocabulary vocabulary, String name, TokenStore tokens) {
    Sha256 hash = new Sha256();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (long index = 0; index < tokens.size(); index++) {
      int token = tokens.get(index);
      requireToken(vocabulary, name, index, token);
      tokens.width().put(chunk, token);
      if (!chunk.hasRemaining()) {
        hash.add(chunk.flip());
        chunk.clear();
      }
    }
    hash.add(chunk.flip());
    return of(vocabulary, name, tokens, hash.hex());
  }

  /** Makes a sequence of checked tokens. */
  static TokenSequence of(Vocabulary vocabulary, String name, TokenStore tokens, String sha256) {
    if (tokens.size() == 0) {
      throw new DataException(name + " must hold at least one token, got none");
    }
    return new TokenSequence(vocabulary, name, sha256, null, tokens, 0, tokens.size());
  }

  static void requireToken(Vocabulary vocabulary, String name, long index, int token) {
    if (token < 0 || token >= vocabulary.size()) {
      throw new DataException(
          "%s: token (%d) at index %d must be in [0, %d): are vocabulary and width those of the data?"
              .formatted(name, token, index, vocabulary.size()));
    }
  }

  /** Returns the same tokens, made of text by this tokenizer. */
  public TokenSequence withTokenizer(TokenizerIdentity tokenizer) {
    return new TokenSequence(vocabulary, name, sha256, tokenizer, tokens, offset, length);
  }

  /** The vocabulary the ids belong to. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The name in reports; of a part, with its range. */
  public String name() {
    return name;
  }

  /**
   * SHA-256 of the tokens, or of the unpacked text they were read from, in hex; of a part, that of
   * the whole.
   */
  public String sha256() {
    return sha256;
  }

  /** The tokenizer that made the tokens of text; empty for tokens that were never text. */
  public Optional<TokenizerIdentity> tokenizer() {
    return Optional.ofNullable(tokenizer);
  }

  /** The number of tokens. */
  public long length() {
    return length;
  }

  /** Returns the token at an index in {@code [0, length)}. */
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

  /** Returns tokens {@code from} (inclusive) to {@code to} (exclusive), as a view. */
  public TokenSequence part(long from, long to) {
    if (from < 0 || to < from || to > length) {
      throw new IndexOutOfBoundsException(
          "part [%d, %d) must be in [0, %d)".formatted(from, to, length));
    }
    return new TokenSequence(
        vocabulary,
        "%s [%d, %d)".formatted(name, from, to),
        sha256,
        tokenizer,
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

  /** Divides as text8 usually is: 90 % to train on, the next 5 % to validate, the rest to test. */
  public TokenSplits split() {
    return split(0.9, 0.05);
  }

  /**
   * Divides the tokens, in their order, into a part to train on, one to validate on and the rest,
   * to test on.
   *
   * @param train share of the training part, in [0, 1]
   * @param valid share of the validation part, in [0, 1]; both together at most 1
   * @return views; the first two have their shares of the length, rounded down
   */
  public TokenSplits split(double train, double valid) {
    Shares shares = new Shares(train, valid);
    long trainEnd = shares.train(length);
    long validEnd = trainEnd + shares.valid(length);
    return new TokenSplits(part(0, trainEnd), part(trainEnd, validEnd), part(validEnd, length));
  }

  @Override
  public String toString() {
    return "TokenSequence[" + name + ", " + length + " tokens, V=" + vocabulary.size() + "]";
  }
}
