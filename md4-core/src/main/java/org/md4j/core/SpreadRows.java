package org.md4j.core;

import java.util.Arrays;
import java.util.Optional;

/**
 * Some rows spread evenly over a source.
 *
 * @param size of them, in 1..the source's
 */
record SpreadRows(RowSource all, long size) implements RowSource {
  private long place(long index) {
    Checks.index(this, index);
    return index * all.size() / size;
  }

  @Override
  public Vocabulary vocabulary() {
    return all.vocabulary();
  }

  @Override
  public int length() {
    return all.length();
  }

  @Override
  public void row(long index, int[] into) {
    all.row(place(index), into);
  }

  @Override
  public int classes() {
    return all.classes();
  }

  @Override
  public int label(long index) {
    return all.label(place(index));
  }

  @Override
  public void prefetch(long... indices) {
    all.prefetch(Arrays.stream(indices).map(this::place).toArray());
  }

  @Override
  public String name() {
    return all.name() + ", spread evenly";
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
