package org.md4j.model.layer;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The selection matrix S of whole rows, [B * N, B]: row r belongs to example r / N. Kept while the
 * sizes stay the same.
 */
final class RowSelection {
  private INDArray matrix;

  RowSelection(DataType type) {
    this.matrix = Nd4j.createUninitialized(type, 0);
  }

  /** S for B rows of N positions. */
  INDArray of(long batch, long length) {
    if (matrix.rank() != 2 || matrix.size(0) != batch * length || matrix.size(1) != batch) {
      double[][] values = new double[Math.toIntExact(batch * length)][Math.toIntExact(batch)];
      for (int r = 0; r < values.length; r++) {
        values[r][(int) (r / length)] = 1;
      }
      matrix = Nd4j.createFromArray(values).castTo(matrix.dataType());
    }
    return matrix;
  }
}
