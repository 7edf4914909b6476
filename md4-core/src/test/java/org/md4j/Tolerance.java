package org.md4j;

/** How far a result may be from what it should be, with the reason for each number. */
public final class Tolerance {
  /** A few operations in double on values near 1: rounding leaves about 1e-15. */
  public static final double EXACT_DOUBLE = 1e-12;

  /** A few operations in float on values near 1: rounding leaves about 1e-7 each. */
  public static final double EXACT_FLOAT = 1e-5;

  /**
   * Central differences in double with a step near 1e-5: truncation and cancellation leave about
   * 1e-9 relative to the values differenced.
   */
  public static final double FINITE_DIFFERENCE = 1e-6;

  /** Numerical integrals of smooth functions in double. */
  public static final double QUADRATURE = 1e-9;

  /**
   * Standard errors between a Monte-Carlo mean and its expectation. Seeds are fixed, so a test
   * passes or fails for good; a right implementation meets 4 with odds of 16,000 to 1 for a new
   * seed.
   */
  public static final double SIGMAS = 4;

  /**
   * The p-value below which a chi-square test fails. Seeds are fixed; for a new seed a right
   * implementation fails once in 10,000.
   */
  public static final double CHI_SQUARE_LEVEL = 1e-4;

  private Tolerance() {}
}
