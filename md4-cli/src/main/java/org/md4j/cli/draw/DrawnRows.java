package org.md4j.cli.draw;

import java.util.List;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.SamplingCost;

/**
 * Texts or pictures and what drawing them took.
 *
 * @param rows in the order they were asked for
 * @param cost of all of them
 */
public record DrawnRows(List<DrawnRow> rows, SamplingCost cost) {
  /** Copies the list. */
  public DrawnRows {
    rows = List.copyOf(rows);
  }

  /** The texts. */
  public List<String> texts(Tokenizer tokenizer) {
    return rows.stream().map(row -> tokenizer.decode(row.tokens())).toList();
  }
}
