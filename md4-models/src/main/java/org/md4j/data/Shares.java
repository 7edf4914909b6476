package org.md4j.data;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The shares of a whole that go to training and validation; the rest is the test part. A share is
 * the decimal number it is written as, so that 0.9 of 10 is 9 on every machine.
 *
 * @param train in [0, 1]
 * @param valid in [0, 1]; both together at most 1
 */
record Shares(double train, double valid) {
  /** Checks ranges. */
  Shares {
    if (!(train >= 0 && train <= 1) || !(valid >= 0 && valid <= 1)) {
      throw new IllegalArgumentException(
          "train and valid (%s, %s) must each be in [0, 1]".formatted(train, valid));
    }
    if (BigDecimal.valueOf(train).add(BigDecimal.valueOf(valid)).compareTo(BigDecimal.ONE) > 0) {
      throw new IllegalArgumentException(
          "train and valid (%s, %s) must together be at most 1".formatted(train, valid));
    }
  }

  /** The training part of a number of things, rounded down. */
  long train(long all) {
    return share(train, all);
  }

  /** The validation part of a number of things, rounded down. */
  long valid(long all) {
    return share(valid, all);
  }

  private static long share(double share, long all) {
    return BigDecimal.valueOf(share)
        .multiply(BigDecimal.valueOf(all))
        .setScale(0, RoundingMode.FLOOR)
        .longValueExact();
  }
}
