package org.md4j.cli.draw;

import java.util.function.Consumer;
import org.md4j.core.TokenBatch;
import org.md4j.sampling.SamplingListener;

/**
 * Rows one after the other, each when it is done.
 *
 * @param rows takes each
 */
record PlainDisplay(Consumer<DrawnRow> rows) implements RowDisplay {
  /** Rows that fill the cores and still fit in memory. */
  static final int ROWS_TOGETHER = 16;

  @Override
  public int rowsTogether(int length) {
    return ROWS_TOGETHER;
  }

  @Override
  public SamplingListener watch(TokenBatch start) {
    return SamplingListener.none();
  }

  @Override
  public void show(DrawnRow row) {
    rows.accept(row);
  }
}
