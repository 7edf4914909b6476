package org.md4j.cli.data;

import org.md4j.core.Vocabulary;
import org.md4j.data.ExampleSource;

/**
 * Examples without their classes.
 *
 * @param source whose labels are left out
 */
public record UnlabelledExamples(ExampleSource source) implements ExampleSource {
  @Override
  public Vocabulary vocabulary() {
    return source.vocabulary();
  }

  @Override
  public int length() {
    return source.length();
  }

  @Override
  public long size() {
    return source.size();
  }

  @Override
  public void example(long index, int[] into) {
    source.example(index, into);
  }

  @Override
  public void prefetch(long[] indices) {
    source.prefetch(indices);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public String sha256() {
    return source.sha256();
  }
}
