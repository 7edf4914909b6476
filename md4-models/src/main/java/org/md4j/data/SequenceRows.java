package org.md4j.data;

import java.util.Optional;
import org.md4j.core.Checks;
import org.md4j.core.RowSource;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

/** Rows cut from a sequence, one every {@code stride} tokens. */
record SequenceRows(TokenSequence tokens, int length, int stride, String kind)
    implements RowSource {
  SequenceRows {
    if (length < 1) {
      throw new IllegalArgumentException("length (" + length + ") must be at least 1");
    }
    if (tokens.length() < length) {
      throw new DataException(
          "%s must hold at least one example of length %d, got %d tokens: use more text or a shorter length"
              .formatted(tokens.name(), length, tokens.length()));
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return tokens.vocabulary();
  }

  @Override
  public long size() {
    return (tokens.length() - length) / stride + 1;
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    tokens.copy(index * stride, into);
  }

  @Override
  public String name() {
    return "%s, %s of %d".formatted(tokens.name(), kind, length);
  }

  @Override
  public String sha256() {
    return tokens.sha256();
  }

  @Override
  public Optional<TokenizerIdentity> tokenizer() {
    return tokens.tokenizer();
  }
}
