package org.md4j.likelihood;

import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;

/**
 * A random permutation of {@code 0 .. rows-1} that takes no memory: any entry can be computed by
 * itself.
 *
 * <p>Numbers of 2h bits, as many as cover the rows, are permuted by {@value #ROUNDS} rounds that
 * replace the halves (left, right) by (right, left xor f(round, right)), f from the random numbers;
 * what falls outside the rows is permuted again until it falls inside, at most four times on
 * average.
 *
 * <p>Source: Luby and Rackoff, "How to construct pseudorandom permutations from pseudorandom
 * functions", SIAM Journal on Computing 17 (1988); Black and Rogaway, "Ciphers with arbitrary
 * finite domains", CT-RSA 2002, for the repetition.
 */
final class RowOrder {
  private static final int ROUNDS = 8;

  private final long rows;
  private final int halfBits;
  private final Uniforms uniforms;

  /**
   * Makes an order of some rows.
   *
   * @param rows at least 1
   */
  RowOrder(long rows, CounterRandom random) {
    this.rows = rows;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(rows - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    this.uniforms = random.uniforms(Purpose.ROW_ORDER, 0);
  }

  /**
   * Returns the row at a place.
   *
   * @param place in {@code 0 .. rows-1}
   */
  long at(long place) {
    long row = permuted(place);
    while (row >= rows) {
      row = permuted(row);
    }
    return row;
  }

  private long permuted(long number) {
    long size = 1L << halfBits;
    long left = number >>> halfBits;
    long right = number & (size - 1);
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (long) (uniforms.at(round, right) * size);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
