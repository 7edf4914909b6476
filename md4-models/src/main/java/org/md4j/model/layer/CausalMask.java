package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/**
 * Hides from every position of a row those after it, by adding to the attention scores, [N, N] for
 * an example and head, before their softmax:
 *
 * <pre>
 * mask[n, m] = 0 if m <= n, else -1e30
 * </pre>
 *
 * <p>The number swallows every score it is added to: below 1e13, none changes a digit of it, in 32
 * or in 64 bits. The exponential of its distance from the row's greatest score, which is never a
 * hidden one, is 0 exactly, so a hidden position has probability 0 to the bit. It is finite so as
 * not to depend on what a library's softmax makes of infinity.
 *
 * <p>Two masks are equal if they are of the same length: layers of one network share one.
 */
final class CausalMask implements SharedTable {
  private static final double HIDDEN = -1e30;

  private final int length;
  private final Compute compute;
  private final Memory memory;
  private @Nullable Tensor mask;

  private CausalMask(int length, Compute compute) {
    this.length = length;
    this.compute = compute;
    this.memory = compute.memory(compute.element());
  }

  /** The mask of rows of N positions: N^2 numbers, made when they are first used. */
  static CausalMask of(int length, Compute compute) {
    return new CausalMask(length, compute);
  }

  private Tensor mask() {
    Tensor made = mask;
    if (made == null) {
      made = memory.of(1, (long) length * length);
      compute.write(this::fill, made);
      mask = made;
    }
    return made;
  }

  private void fill(long from, double[] piece) {
    for (int i = 0; i < piece.length; i++) {
      long cell = from + i;
      piece[i] = cell % length > cell / length ? HIDDEN : 0;
    }
  }

  /**
   * Lowers the scores of later positions, in place, in one operation.
   *
   * @param scores [examples, heads, N, N], c-order; a position's scores are a row
   */
  void hideLaterPositions(Tensor scores) {
    long cells = (long) length * length;
    Tensor flat = scores.reshape(scores.length() / cells, cells);
    compute.add(flat, mask(), flat);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CausalMask that && length == that.length;
  }

  @Override
  public int hashCode() {
    return length;
  }

  @Override
  public long bytes() {
    return memory.bytes();
  }
}
