package org.md4j.model.image;

/** Checks of sizes, with messages that name them. */
final class Ranges {
  private Ranges() {}

  static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " (" + value + ") must be at least " + least);
    }
  }

  static void requireDivides(String divisorName, int divisor, String name, int value) {
    if (value % divisor != 0) {
      throw new IllegalArgumentException(
          "%s (%d) must be a multiple of %s (%d)".formatted(name, value, divisorName, divisor));
    }
  }
}
