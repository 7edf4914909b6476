package org.md4j.model.layer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The selection matrix S of whole rows, [B * N, B]: row r belongs to example r / N. Kept while the
 * sizes stay the same.
 */
final class RowSelection {
  private final DataType type;
  private @Nullable INDArray matrix;

  RowSelection(DataType type) {
    this.type = type;
  }

  /** S for B rows of N positions. */
  INDArray of(long batch, long length) {
    INDArray current = matrix;
    if (current == null || current.size(0) != batch * length || current.size(1) != batch) {
      if (current != null) {
        current.close();
      }
      current = Nd4j.createUninitialized(type, new long[] {batch * length, batch}, 'c');
      int[] examples = new int[Math.toIntExact(batch * length)];
      Arrays.setAll(examples, row -> (int) (row / length));
      try (INDArray indices = Nd4j.createFromArray(examples)) {
        Operations.oneHot(indices, current);
      }
      matrix = current;
    }
    return current;
  }
}
