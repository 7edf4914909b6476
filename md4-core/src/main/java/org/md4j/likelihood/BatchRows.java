package org.md4j.likelihood;

import java.util.Arrays;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

/** The rows of a batch that is already in memory. */
record BatchRows(TokenBatch batch) implements TokenRows {
  BatchRows {
    Arguments.clean(batch);
  }

  @Override
  public Vocabulary vocabulary() {
    return batch.vocabulary();
  }

  @Override
  public int length() {
    return batch.length();
  }

  @Override
  public long rows() {
    return batch.rows();
  }

  @Override
  public TokenBatch rows(long[] indices) {
    return TokenBatch.of(
        batch.vocabulary(),
        Arrays.stream(indices)
            .mapToObj(index -> batch.row(Math.toIntExact(index)))
            .toArray(int[][]::new));
  }
}
