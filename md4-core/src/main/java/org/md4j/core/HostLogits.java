package org.md4j.core;

/**
 * The answer of a {@link Denoiser} as plain Java reads it: in double, a few positions at a time,
 * since the logits of a large question need not all fit on the heap.
 *
 * <p>An answer can be read until the next call of its denoiser, by the thread that asked.
 */
@FunctionalInterface
public interface HostLogits {
  /**
   * Copies the logits of some of the positions that were asked about.
   *
   * @param indices which entries of {@link DenoiserInput#positions()}, each in 0..P-1, at least
   *     one, in any order
   * @return [indices * V], V logits for each index, in the order of the indices; the caller's own
   */
  double[] read(int... indices);
}
