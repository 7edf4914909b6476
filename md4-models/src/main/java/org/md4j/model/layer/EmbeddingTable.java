package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of a table of vectors: the sum of the gradients of a row's uses. For small tables it
 * is one product with the one-hot matrix, which is the fastest; for large ones, where that matrix
 * would not fit, a scatter.
 */
final class EmbeddingTable {
  /** The largest width at which one-hot rows cost less than a scatter. */
  private static final int LARGEST_ONE_HOT = 1024;

  private EmbeddingTable() {}

  /**
   * Computes out = beta out + the sums.
   *
   * @param tokens [M], INT32
   * @param rowGradients [M, width]
   * @param out [rows of the table, width]
   * @param beta 0 or 1
   */
  static void sumByToken(
      Buffers scratch, INDArray tokens, INDArray rowGradients, INDArray out, double beta) {
    long tableRows = out.size(0);
    if (tableRows <= LARGEST_ONE_HOT) {
      INDArray oneHot = scratch.matrix("embedding.oneHot", tokens.length(), tableRows);
      Operations.oneHot(tokens, oneHot);
      Operations.productTransposedFirst(oneHot, rowGradients, out, 1, beta);
    } else {
      if (beta == 0) {
        out.assign(0);
      }
      Nd4j.exec(
          DynamicCustomOp.builder("scatter_add")
              .addInputs(out, tokens, rowGradients)
              .addOutputs(out)
              .build());
    }
  }
}
