package org.md4j.cli.draw;

import java.util.function.Consumer;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.RowObserver;

/**
 * Rows one after the other, each when it is done.
 *
 * @param rows takes each
 */
record PlainDisplay(Consumer<DrawnRow> rows) implements RowObserver {
  @Override
  public void onRow(DrawnRow row) {
    rows.accept(row);
  }
}
