package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Sums over the rows of each example, as products with the selection matrix: {@code sum(1)} is many
 * times slower.
 */
final class ExampleSums {
  /**
   * The number of examples in one product: its work grows with their square, its calls with their
   * inverse.
   */
  private static final long GROUP = 16;

  private ExampleSums() {}

  /**
   * Computes out[b, d] = the sum over n of x[b, n, d].
   *
   * @param x [B, N, D]
   * @param out [B, D]
   */
  static void of(ReplicaContext context, INDArray x, INDArray out) {
    long batch = x.size(0);
    if (batch <= GROUP) {
      sum(context, x, out);
      return;
    }
    for (long from = 0; from < batch; from += GROUP) {
      var group = NDArrayIndex.interval(from, Math.min(batch, from + GROUP));
      sum(
          context,
          x.get(group, NDArrayIndex.all(), NDArrayIndex.all()),
          out.get(group, NDArrayIndex.all()));
    }
  }

  private static void sum(ReplicaContext context, INDArray x, INDArray out) {
    long batch = x.size(0);
    long length = x.size(1);
    Operations.productTransposedFirst(
        context.selection(batch, length), x.reshape('c', batch * length, x.size(2)), out, 1, 0);
  }
}
