package org.md4j.core;

/**
 * A table of independent uniform numbers in [0, 1), one per example and index; reading an entry
 * twice gives the same number.
 *
 * <p>{@link CounterRandom#uniforms} makes one; a test writes its own as a lambda.
 */
@FunctionalInterface
public interface Uniforms {
  /**
   * The number for an index of an example.
   *
   * @param example the example's number, the same however the examples are split into batches
   * @param index e.g. the position of a token in its row
   * @return in [0, 1)
   */
  double at(long example, long index);

  /**
   * Reads consecutive numbers of an example: {@code into[offset + i] = at(example, firstIndex + i)}
   * for i in 0..count-1. A table that keeps something per example does its work once here.
   */
  default void fill(long example, long firstIndex, double[] into, int offset, int count) {
    for (int i = 0; i < count; i++) {
      into[offset + i] = at(example, firstIndex + i);
    }
  }
}
