package org.md4j.objective;

/** Checks of the noise levels that the bounds share. */
final class Levels {
  private Levels() {}

  /** Requires an array [B] of levels in [0, 1). */
  static void require(double[] levels, int rows) {
    if (levels.length != rows) {
      throw new IllegalArgumentException(
          "levels must have shape [B] = [" + rows + "], got [" + levels.length + "]");
    }
    for (int b = 0; b < rows; b++) {
      if (!(levels[b] >= 0 && levels[b] < 1)) {
        throw new IllegalArgumentException(
            "levels[" + b + "] (" + levels[b] + ") must be in [0, 1)");
      }
    }
  }
}
