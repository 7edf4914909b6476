package org.md4j.likelihood;

import org.md4j.core.TokenBatch;

/** Checks of arguments that the types of this package share. */
final class Arguments {
  private Arguments() {}

  /** Returns the rows of a call, which must be at least 1. */
  static int rowsPerCall(int rowsPerCall) {
    if (rowsPerCall < 1) {
      throw new IllegalArgumentException("rowsPerCall (" + rowsPerCall + ") must be at least 1");
    }
    return rowsPerCall;
  }

  /** Requires rows without masks. */
  static void clean(TokenBatch clean) {
    for (int i = 0; i < clean.rows() * clean.length(); i++) {
      if (clean.isMasked(i)) {
        throw new IllegalArgumentException(
            "clean must not hold masks, got one at row "
                + i / clean.length()
                + ", position "
                + i % clean.length());
      }
    }
  }

  /** Requires a label a row, or none at all. */
  static void labels(TokenBatch clean, int[] labels) {
    if (labels.length != 0 && labels.length != clean.rows()) {
      throw new IllegalArgumentException(
          "labels must be empty or have shape [B] = [%d], got [%d]"
              .formatted(clean.rows(), labels.length));
    }
  }

  /** Requires the number of an example. */
  static void firstExample(long firstExample) {
    if (firstExample < 0) {
      throw new IllegalArgumentException("firstExample (" + firstExample + ") must be at least 0");
    }
  }
}
