package org.md4j.cli.data;

import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;

/**
 * Some examples spread evenly over a source, without their classes: sets that are sorted by class
 * are then seen as a whole.
 *
 * @param source of the examples
 * @param most of them at most, at least 1
 */
public record SpreadExamples(RowSource source, int most) implements RowSource {
  /** Checks the number. */
  public SpreadExamples {
    if (most < 1) {
      throw new IllegalArgumentException("most (" + most + ") must be at least 1");
    }
  }

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
    return Math.min(most, source.size());
  }

  @Override
  public void row(long index, int[] into) {
    source.row(index * source.size() / size(), into);
  }

  @Override
  public String name() {
    return size() == source.size() ? source.name() : source.name() + ", spread evenly";
  }

  @Override
  public String sha256() {
    return source.sha256();
  }
}
