package org.md4j.cli.quality;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.RowSource;

/**
 * Rows spread evenly over the examples of a source.
 *
 * @param source has at least as many
 * @param count how many
 */
public record SpreadRows(RowSource source, int count) {
  /** Rejects more rows than there are. */
  public SpreadRows {
    if (count < 1 || count > source.size()) {
      throw new IllegalArgumentException(
          "count (%d) must be in 1..%d, the rows of %s"
              .formatted(count, source.size(), source.name()));
    }
  }

  /** All of them. */
  public List<int[]> all() {
    return range(0, count);
  }

  /** Those from one number to before another. */
  List<int[]> range(int from, int to) {
    List<int[]> rows = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      int[] row = new int[source.length()];
      source.row(i * source.size() / count, row);
      rows.add(row);
    }
    return rows;
  }
}
