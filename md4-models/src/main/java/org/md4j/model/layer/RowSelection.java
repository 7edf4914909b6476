package org.md4j.model.layer;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The selection matrix S of whole rows, [B * N, B]: row r belongs to example r / N. Those of the
 * last few sizes are kept: the levels of a pyramid of images have different ones.
 */
final class RowSelection {
  private record Sizes(long batch, long length) {}

  private final DataType type;
  private final Recent<Sizes, INDArray> matrices = new Recent<>(Buffers.RECENT);

  RowSelection(DataType type) {
    this.type = type;
  }

  /** Returns the matrix S for B rows of N positions. */
  INDArray of(long batch, long length) {
    return matrices.computeIfAbsent(new Sizes(batch, length), this::create);
  }

  private INDArray create(Sizes sizes) {
    int rows = Math.toIntExact(sizes.batch() * sizes.length());
    INDArray matrix = Nd4j.createUninitialized(type, new long[] {rows, sizes.batch()}, 'c');
    int[] examples = new int[rows];
    Arrays.setAll(examples, row -> (int) (row / sizes.length()));
    try (INDArray indices = Nd4j.createFromArray(examples)) {
      Operations.oneHot(indices, matrix);
    }
    return matrix;
  }
}
