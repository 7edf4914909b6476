package org.md4j.examples.support;

import java.util.List;
import org.md4j.sampling.SamplingCost;

/**
 * Texts and what drawing them took.
 *
 * @param texts in the order they were asked for
 * @param cost of all of them
 */
public record DrawnTexts(List<DrawnText> texts, SamplingCost cost) {
  /** Copies the list. */
  public DrawnTexts {
    texts = List.copyOf(texts);
  }

  /** The characters alone. */
  public List<String> strings() {
    return texts.stream().map(DrawnText::text).toList();
  }
}
