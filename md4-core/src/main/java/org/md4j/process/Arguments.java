package org.md4j.process;

/** Checks of arguments that the types of this package share. */
final class Arguments {
  private Arguments() {}

  /** Returns B, which must be at least 1. */
  static int batchSize(int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batchSize (" + batchSize + ") must be at least 1");
    }
    return batchSize;
  }

  /** Requires an array [B] of times in [0, 1]. */
  static void times(String name, double[] times, int rows) {
    if (times.length != rows) {
      throw new IllegalArgumentException(
          name + " must have shape [B] = [" + rows + "], got [" + times.length + "]");
    }
    for (int b = 0; b < rows; b++) {
      if (!(times[b] >= 0 && times[b] <= 1)) {
        throw new IllegalArgumentException(
            name + "[" + b + "] (" + times[b] + ") must be in [0, 1]");
      }
    }
  }

  /** Requires the number of an example. */
  static void firstExample(long firstExample) {
    if (firstExample < 0) {
      throw new IllegalArgumentException("firstExample (" + firstExample + ") must be at least 0");
    }
  }

  /** Requires s not to be after t. */
  static void ordered(double s, double t) {
    if (!(s <= t)) {
      throw new IllegalArgumentException(
          "earlier time s (" + s + ") must not be after t, got t " + t);
    }
  }
}
