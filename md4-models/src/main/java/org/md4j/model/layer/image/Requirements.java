package org.md4j.model.layer.image;

/** Checks of the sizes that layers for images are made with. */
final class Requirements {
  private Requirements() {}

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " (" + value + ") must be at least 1");
    }
  }

  static void requireNotNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " (" + value + ") must be at least 0");
    }
  }

  static void requireConditioning(int conditioningWidth) {
    if (conditioningWidth < 1) {
      throw new IllegalArgumentException(
          "conditioningWidth ("
              + conditioningWidth
              + ") must be at least 1: a transformer over patches needs a time or a class");
    }
  }

  static void requireDropout(double dropout) {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout (" + dropout + ") must be in [0, 1)");
    }
  }

  /** Checks that groups divide the channels. */
  static void requireGroups(int groups, int channels) {
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "groups (" + groups + ") must divide the number of channels, got " + channels);
    }
  }
}
