package org.md4j.compute;

/** HostNumbers that are made on the host, a piece at a time. */
@FunctionalInterface
public interface HostNumbers {
  /**
   * Writes some of the numbers.
   *
   * @param from the index of the first of them, in the c order of the tensor they are for
   * @param piece overwritten by the numbers from there on
   */
  void fill(long from, double[] piece);
}
