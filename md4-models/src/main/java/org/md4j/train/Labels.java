package org.md4j.train;

import java.util.Arrays;
import org.md4j.data.ExampleSource;

/** The labels of examples as a network is told them. */
final class Labels {
  private Labels() {}

  /** The class of each example, [B], or none, [0], if the examples have no classes. */
  static int[] of(ExampleSource data, long[] indices) {
    int[] labels = new int[data.classes() == 0 ? 0 : indices.length];
    Arrays.setAll(labels, i -> data.label(indices[i]));
    return labels;
  }
}
