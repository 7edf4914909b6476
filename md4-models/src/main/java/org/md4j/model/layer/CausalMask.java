package org.md4j.model.layer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Element;
import org.md4j.compute.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
final class CausalMask {
  private static final double HIDDEN = -1e30;

  private final int length;
  private final Element element;
  private @Nullable Tensor mask;

  private CausalMask(int length, Element element) {
    this.length = length;
    this.element = element;
  }

  /** The mask of rows of N positions: N^2 numbers, made when they are first used. */
  static CausalMask of(int length, Element element) {
    return new CausalMask(length, element);
  }

  private Tensor mask() {
    Tensor made = mask;
    if (made == null) {
      float[] values = new float[Math.multiplyExact(length, length)];
      for (int n = 0; n < length; n++) {
        Arrays.fill(values, n * length + n + 1, (n + 1) * length, (float) HIDDEN);
      }
      INDArray exact = Nd4j.createFromArray(values).reshape('c', 1, values.length);
      made = Tensor.of(exact.castTo(element.dataType()));
      mask = made;
    }
    return made;
  }

  /**
   * Lowers the scores of later positions, in place, in one operation.
   *
   * @param scores [examples, heads, N, N], c-order; a position's scores are a row
   */
  void hideLaterPositions(Compute compute, Tensor scores) {
    long cells = (long) length * length;
    Tensor flat = scores.reshape(scores.length() / cells, cells);
    compute.add(flat, mask(), flat);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CausalMask that && length == that.length && element == that.element;
  }

  @Override
  public int hashCode() {
    return 31 * length + element.hashCode();
  }
}
