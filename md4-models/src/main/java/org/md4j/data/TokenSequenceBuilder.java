package org.md4j.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.md4j.core.Vocabulary;

/**
 * Collects tokens one after the other into a {@link TokenSequence}, in the narrowest width that
 * holds the vocabulary; there may be more of them than an array has room for.
 *
 * <p>Tokens lie in pages, so that growing copies nothing: on the heap up to a quarter of it, what
 * is more in a scratch file in the folder for temporary files, mapped into memory and deleted. Not
 * safe for use by several threads.
 */
public final class TokenSequenceBuilder {
  private static final int PAGE_BITS = 16;

  private final Vocabulary vocabulary;
  private final String name;
  private final TokenWidth width;
  private final TokenPages source;
  private final List<ByteBuffer> pages = new ArrayList<>();
  private long size;

  TokenSequenceBuilder(Vocabulary vocabulary, String name) {
    this(vocabulary, name, TokenPages.usual(TokenWidth.of(vocabulary).bytes() << PAGE_BITS));
  }

  /** Collects tokens in pages of {@code 2^16} tokens. */
  TokenSequenceBuilder(Vocabulary vocabulary, String name, TokenPages source) {
    this.vocabulary = vocabulary;
    this.name = name;
    this.width = TokenWidth.of(vocabulary);
    this.source = source;
  }

  /**
   * Appends one token.
   *
   * @throws DataException if it is outside {@code [0, V)}, or there is no room for it
   */
  public void append(int token) {
    TokenSequence.requireToken(vocabulary, name, size, token);
    if ((size & ((1 << PAGE_BITS) - 1)) == 0) {
      pages.add(source.next());
    }
    width.put(pages.get(pages.size() - 1), token);
    size++;
  }

  /**
   * Appends tokens in their order.
   *
   * @throws DataException if one is outside {@code [0, V)}; those before it are appended
   */
  public void appendAll(int[] tokens) {
    for (int token : tokens) {
      append(token);
    }
  }

  /** The number of tokens so far. */
  public long size() {
    return size;
  }

  /**
   * Returns what was appended so far; its {@link TokenSequence#sha256} is computed over the tokens.
   *
   * @throws DataException if nothing was
   */
  public TokenSequence build() {
    return TokenSequence.of(vocabulary, name, store());
  }

  /**
   * Returns what was appended so far, known by the hash of what the tokens were made of.
   *
   * @param sha256 of the text, say, in hex
   * @throws DataException if nothing was appended
   */
  public TokenSequence build(String sha256) {
    return TokenSequence.of(vocabulary, name, store(), sha256);
  }

  private TokenStore store() {
    return TokenStore.of(
        width, pages.stream().map(TokenSequenceBuilder::read).toList(), PAGE_BITS, size);
  }

  /** A whole page from its start, apart from where writing goes on. */
  private static ByteBuffer read(ByteBuffer page) {
    return page.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
  }
}
