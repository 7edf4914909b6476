package org.md4j.sampling;

/**
 * The radical inverse of a whole number: its digits mirrored at the point, exactly.
 *
 * <pre>
 *   index = ... d2 d1 d0 in a base  becomes  0.d0 d1 d2 ...
 * </pre>
 *
 * <p>The inverses of 0, 1, 2, ... fill [0, 1) evenly, each falling far from those just before it:
 * in base 2 they are 0, 1/2, 1/4, 3/4, 1/8, 5/8, ..., in base 3 0, 1/3, 2/3, 1/9, 4/9, 7/9, ...
 *
 * <p>Source: van der Corput, "Verteilungsfunktionen", Proc. Akad. Wet. Amsterdam 38 (1935).
 *
 * @param numerator in 0..denominator-1
 * @param denominator a power of the base
 */
record RadicalInverse(long numerator, long denominator) {
  /**
   * Computes the radical inverse.
   *
   * @param base at least 2
   * @param index at least 0, and small enough for its mirrored digits to fit a long
   */
  static RadicalInverse of(int base, int index) {
    long numerator = 0;
    long denominator = 1;
    for (int rest = index; rest > 0; rest /= base) {
      numerator = numerator * base + rest % base;
      denominator *= base;
    }
    return new RadicalInverse(numerator, denominator);
  }

  /** The inverse as a number in [0, 1). */
  double value() {
    return (double) numerator / denominator;
  }

  /**
   * The cell it lies in when [0, 1) is divided into equal cells.
   *
   * @return in 0..cells-1
   */
  int cell(int cells) {
    return (int) (numerator * cells / denominator);
  }
}
