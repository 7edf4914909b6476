package org.md4j.model.layer;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
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
 * not to depend on what a backend's softmax makes of infinity.
 */
final class CausalMask {
  private static final double HIDDEN = -1e30;

  private final int length;
  private final INDArray mask;

  /** Makes the mask of rows of N positions: N^2 numbers. */
  CausalMask(int length, DataType type) {
    this.length = length;
    float[] values = new float[Math.multiplyExact(length, length)];
    for (int n = 0; n < length; n++) {
      Arrays.fill(values, n * length + n + 1, (n + 1) * length, (float) HIDDEN);
    }
    INDArray exact = Nd4j.createFromArray(values);
    this.mask = exact.castTo(type);
    if (mask != exact) {
      exact.close();
    }
  }

  /** Tells whether the mask is for rows of this length. */
  boolean fits(int otherLength) {
    return otherLength == length;
  }

  /** Frees the mask. */
  void close() {
    mask.close();
  }

  /**
   * Lowers the scores of later positions, in place, in one operation.
   *
   * @param scores [examples, heads, N, N], c-order; a position's scores are a row
   */
  void hideLaterPositions(INDArray scores) {
    INDArray flat = scores.reshape('c', scores.length() / mask.length(), mask.length());
    Operations.addToRows(flat, mask, flat);
  }
}
