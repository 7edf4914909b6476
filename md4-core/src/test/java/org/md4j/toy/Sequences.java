package org.md4j.toy;

/** Counts through the rows of a small vocabulary: index = sum of token_n base^(N-1-n). */
public final class Sequences {
  private Sequences() {}

  /** base^N. */
  public static int count(int base, int length) {
    int count = 1;
    for (int n = 0; n < length; n++) {
      count = Math.multiplyExact(count, base);
    }
    return count;
  }

  /** The row of an index, [N]. */
  public static int[] at(int index, int base, int length) {
    int[] tokens = new int[length];
    int rest = index;
    for (int n = length - 1; n >= 0; n--) {
      tokens[n] = rest % base;
      rest /= base;
    }
    return tokens;
  }

  /** The index of a row. */
  public static int index(int[] tokens, int base) {
    int index = 0;
    for (int token : tokens) {
      index = index * base + token;
    }
    return index;
  }
}
