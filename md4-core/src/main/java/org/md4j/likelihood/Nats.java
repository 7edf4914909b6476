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
}
