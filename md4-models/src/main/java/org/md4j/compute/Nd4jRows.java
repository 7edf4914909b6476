package org.md4j.compute;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/** Copies and sums of rows by number, by ND4J. */
final class Nd4jRows {
  /** The smallest difference between the lengths of gathered lists. */
  private static final int SMALLEST_GATHER = 16;

  /** The number of lengths of gathered lists between one and twice it. */
  private static final int GATHERS_A_DOUBLING = 16;

  /** The largest table whose gradient is summed by a product with one-hot rows. */
  private static final int LARGEST_ONE_HOT = 1024;

  private final Nd4jWork work;
  private final Nd4jProducts products;

  Nd4jRows(Nd4jWork work, Nd4jProducts products) {
    this.work = work;
    this.products = products;
  }

  /**
   * Gathers rows. ND4J 1.0.0-M2.1 keeps 8 bytes for every row of every shape it has ever gathered
   * to, and the number of wanted positions differs from step to step. So the list is filled up to
   * one of a few lengths, and what is gathered for that is left behind.
   */
  void gatherRows(Tensor x, Tensor rows, Tensor out) {
    int count = Math.toIntExact(rows.length());
    int step = Math.max(SMALLEST_GATHER, Integer.highestOneBit(count) / GATHERS_A_DOUBLING);
    int capacity = Math.toIntExact((count + step - 1L) / step * step);
    if (capacity == count) {
      gather(x, rows.array(), out);
      return;
    }
    Tensor gathered = work.piece(2, capacity, x.size(1));
    try (INDArray filled =
        Nd4j.createFromArray(Arrays.copyOf(rows.array().toIntVector(), capacity))) {
      gather(x, filled, gathered);
    }
    out.array().assign(gathered.interval(0, 0, count).array());
  }

  private static void gather(Tensor x, INDArray rows, Tensor out) {
    Nd4j.exec(
        DynamicCustomOp.builder("gather")
            .addInputs(x.array(), rows)
            .addOutputs(out.array())
            .addIntegerArguments(0)
            .build());
  }

  void scatterRows(Tensor x, Tensor rows, Tensor out) {
    Nd4jWork.custom("scatter_upd", out.array(), out.array(), rows.array(), x.array());
  }

  void addToRows(Tensor x, Tensor rows, Tensor out) {
    if (out.size(0) > LARGEST_ONE_HOT) {
      Nd4jWork.custom("scatter_add", out.array(), out.array(), rows.array(), x.array());
      return;
    }
    INDArray oneHot = work.piece(0, rows.length(), out.size(0)).array();
    Nd4j.exec(
        DynamicCustomOp.builder("onehot")
            .addInputs(rows.array())
            .addOutputs(oneHot)
            .addIntegerArguments(-1, (int) out.size(0))
            .addFloatingPointArguments(1.0, 0.0)
            .build());
    products.addTransposedProduct(oneHot, x, out);
  }
}
