package org.md4j.likelihood;

/**
 * The unit in which likelihoods are computed; what is reported of a token is in bits.
 *
 * <p>Nats are divided last, after sums and means, so that a number in bits is the rounded quotient
 * of the number in nats and nothing else.
 */
final class Nats {
  /** The nats of one bit, ln 2. */
  static final double PER_BIT = Math.log(2);

  private Nats() {}

  /**
   * Rejects likelihoods that are not numbers, as logits that are not make them. Infinite ones are
   * those of rows that cannot be.
   *
   * @param nats of each row, [B]
   * @return {@code nats}
   */
  static double[] requireNumbers(double[] nats) {
    for (int b = 0; b < nats.length; b++) {
      if (Double.isNaN(nats[b])) {
        throw new IllegalStateException(
            "likelihood of row %d must be a number, got NaN; has training diverged?".formatted(b));
      }
    }
    return nats;
  }
}
