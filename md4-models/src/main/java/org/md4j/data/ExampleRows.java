package org.md4j.data;

import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.likelihood.TokenRows;

/**
 * Examples, with the labels they have, as the held-out rows that a likelihood is measured on; row i
 * is example i. Safe for use by many threads.
 *
 * @param source e.g. the chunks of a validation or test split
 */
public record ExampleRows(ExampleSource source) implements TokenRows {
  @Override
  public Vocabulary vocabulary() {
    return source.vocabulary();
  }

  @Override
  public int length() {
    return source.length();
  }

  @Override
  public long rows() {
    return source.size();
  }

  @Override
  public TokenBatch rows(long[] indices) {
    int[][] rows = new int[indices.length][source.length()];
    for (int b = 0; b < rows.length; b++) {
      source.example(indices[b], rows[b]);
    }
    return TokenBatch.of(source.vocabulary(), rows);
  }

  @Override
  public int[] labels(long[] indices) {
    return source.labels(indices);
  }
}
