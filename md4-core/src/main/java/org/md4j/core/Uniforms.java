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
}
