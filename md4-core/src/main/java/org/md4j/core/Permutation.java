package org.md4j.core;

import java.util.Arrays;

/**
 * A random permutation of {@code 0 .. size-1} that takes hardly any memory, whatever its size: any
 * entry can be computed by itself.
 *
 * <p>Up to {@value #FEW} numbers are shuffled (Fisher and Yates), so that all orders are equally
 * likely, which the rounds below do not give so few. Of more, numbers of 2h bits, as many as cover
 * the size, are permuted by {@value #ROUNDS} rounds that replace the halves (left, right) by
 * (right, left xor f(round, right)), f from the random numbers; what falls outside is permuted
 * again until it falls inside, at most four times on average.
 *
 * <p>Source: Luby and Rackoff, "How to construct pseudorandom permutations from pseudorandom
 * functions", SIAM Journal on Computing 17 (1988); Black and Rogaway, "Ciphers with arbitrary
 * finite domains", CT-RSA 2002, for the repetition.
 */
public final class Permutation {
  private static final int ROUNDS = 8;

  /** Sizes up to this one are put in order number by number. */
  private static final int FEW = 64;

  private static final long LARGEST = 1L << 62;

  private final long size;
  private final int halfBits;
  private final Uniforms uniforms;
  private final int[] few; // empty where there are more

  /**
   * Makes a permutation.
   *
   * @param size at least 1, at most 2^62
   * @param uniforms decide which; those at examples 0 to {@value #ROUNDS} - 1 are read
   */
  public Permutation(long size, Uniforms uniforms) {
    if (size < 1 || size > LARGEST) {
      throw new IllegalArgumentException("size (" + size + ") must be in [1, 2^62]");
    }
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    this.halfBits = Math.max(1, (bits + 1) / 2);
    this.uniforms = uniforms;
    this.few = size <= FEW ? shuffled((int) size, uniforms) : new int[0];
  }

  /** Exchanges every number with one of those not below it, from the front on. */
  private static int[] shuffled(int size, Uniforms uniforms) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    for (int i = 0; i < size - 1; i++) {
      int other = i + (int) (uniforms.at(0, i) * (size - i));
      int number = order[other];
      order[other] = order[i];
      order[i] = number;
    }
    return order;
  }

  /**
   * Returns what is at a place.
   *
   * @param place in {@code 0 .. size-1}
   * @return in {@code 0 .. size-1}, another for every place
   */
  public long at(long place) {
    if (place < 0 || place >= size) {
      throw new IndexOutOfBoundsException("place (" + place + ") must be in [0, " + size + ")");
    }
    if (few.length > 0) {
      return few[(int) place];
    }
    long image = permuted(place);
    while (image >= size) {
      image = permuted(image);
    }
    return image;
  }

  private long permuted(long number) {
    long half = 1L << halfBits;
    long left = number >>> halfBits;
    long right = number & (half - 1);
    for (int round = 0; round < ROUNDS; round++) {
      long next = left ^ (long) (uniforms.at(round, right) * half);
      left = right;
      right = next;
    }
    return left << halfBits | right;
  }
}
