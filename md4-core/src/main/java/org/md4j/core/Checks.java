package org.md4j.core;

/**
 * Checks of arguments that many types share, so that all of them say the same.
 *
 * <p>Internal to the library: public because its packages need it, not for others to call; it may
 * change without notice.
 */
public final class Checks {
  private Checks() {}

  /** Returns a number, which must be at least 1. */
  public static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " (" + value + ") must be at least 1");
    }
    return value;
  }

  /** Returns a number, which must be above 0 and finite. */
  public static double positive(String name, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " (" + value + ") must be above 0 and finite");
    }
    return value;
  }

  /** Returns t, which must be a time. */
  public static double time(double t) {
    if (!(t >= 0 && t <= 1)) {
      throw new IllegalArgumentException("time (" + t + ") must be in [0, 1]");
    }
    return t;
  }

  /** Requires s not to be after t. */
  public static void ordered(double s, double t) {
    if (!(s <= t)) {
      throw new IllegalArgumentException(
          "earlier time s (" + s + ") must not be after t, got t " + t);
    }
  }

  /** Requires an array [B] of times in [0, 1]. */
  public static void times(String name, double[] times, int rows) {
    requireShape(name, "B", times.length, rows);
    for (int b = 0; b < rows; b++) {
      if (!(times[b] >= 0 && times[b] <= 1)) {
        throw new IllegalArgumentException(
            name + "[" + b + "] (" + times[b] + ") must be in [0, 1]");
      }
    }
  }

  /** Requires an array [B] of noise levels in [0, 1). */
  public static void levels(double[] levels, int rows) {
    requireShape("levels", "B", levels.length, rows);
    for (int b = 0; b < rows; b++) {
      if (!(levels[b] >= 0 && levels[b] < 1)) {
        throw new IllegalArgumentException(
            "levels[" + b + "] (" + levels[b] + ") must be in [0, 1)");
      }
    }
  }

  /** Returns token, which must be a real value. */
  public static int token(Vocabulary vocabulary, int token) {
    if (token < 0 || token >= vocabulary.size()) {
      throw new IllegalArgumentException(
          "token ("
              + token
              + ") must be in 0.."
              + (vocabulary.size() - 1)
              + ": the mask has no schedule");
    }
    return token;
  }

  /** Requires rows without masks. */
  public static void clean(TokenBatch clean) {
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

  /** Requires the number of a row of a source. */
  public static void index(RowSource source, long index) {
    if (index < 0 || index >= source.size()) {
      throw new IndexOutOfBoundsException(
          "index (" + index + ") must be in [0, " + source.size() + ")");
    }
  }

  /** Requires the arguments of {@link RowSource#row}. */
  public static void row(RowSource source, long index, int[] into) {
    index(source, index);
    requireShape("into", "N", into.length, source.length());
  }

  private static void requireShape(String name, String shape, int actual, int expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          "%s must have shape [%s] = [%d], got [%d]".formatted(name, shape, expected, actual));
    }
  }
}
