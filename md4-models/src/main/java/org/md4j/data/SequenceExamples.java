package org.md4j.data;

import org.md4j.core.Vocabulary;

/** Rows cut from a sequence, one every {@code stride} tokens. */
record SequenceExamples(TokenSequence tokens, int length, int stride, String kind)
    implements ExampleSource {
  SequenceExamples {
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
  public void example(long index, int[] into) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("index (" + index + ") must be in [0, " + size() + ")");
    }
    if (into.length != length) {
      throw new IllegalArgumentException(
          "into must have shape [N] = [" + length + "], got [" + into.length + "]");
    }
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
}
