package org.md4j.core;

import java.util.Optional;

/** A source that has the rows of another without their labels. */
record UnlabelledRows(RowSource all) implements RowSource {
  @Override
  public Vocabulary vocabulary() {
    return all.vocabulary();
  }

  @Override
  public int length() {
    return all.length();
  }

  @Override
  public long size() {
    return all.size();
  }

  @Override
  public void row(long index, int[] into) {
    all.row(index, into);
  }

  @Override
  public void prefetch(long... indices) {
    all.prefetch(indices);
  }

  @Override
  public String name() {
    return all.name();
  }

  @Override
  public String sha256() {
    return all.sha256();
  }

  @Override
  public Optional<TokenizerIdentity> tokenizer() {
    return all.tokenizer();
  }
}
