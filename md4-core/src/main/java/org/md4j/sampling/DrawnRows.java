package org.md4j.sampling;

import java.util.List;
import java.util.function.Function;

/**
 * The rows that a sampling drew, of any lengths, and what drawing them took.
 *
 * @param rows in the order they were asked for
 * @param cost of all of them
 */
public record DrawnRows(List<DrawnRow> rows, SamplingCost cost) {
  /** Copies the list. */
  public DrawnRows {
    rows = List.copyOf(rows);
  }

  /**
   * Returns what the rows stand for, in their order: texts, say, by what a tokenizer decodes.
   *
   * @param decoder turns the tokens of a row, [N], into what they stand for
   */
  public <T> List<T> decoded(Function<int[], T> decoder) {
    return rows.stream().map(row -> decoder.apply(row.tokens())).toList();
  }
}
