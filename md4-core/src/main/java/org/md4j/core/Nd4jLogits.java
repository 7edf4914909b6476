package org.md4j.core;

import java.util.Arrays;
import org.md4j.array.MatrixRows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The logits in an array of ND4J, [P, V], copied to the host when they are read. */
record Nd4jLogits(INDArray logits) implements HostLogits {
  /**
   * Returns a denoiser's answer to a question.
   *
   * @throws IllegalArgumentException if its shape is not that of an answer
   */
  static Nd4jLogits of(INDArray logits, DenoiserInput input) {
    int rows = input.positions().length;
    int size = input.tokens().vocabulary().size();
    if (logits.rank() != 2 || logits.size(0) != rows || logits.size(1) != size) {
      throw new IllegalArgumentException(
          "logits of the denoiser must have shape [P, V] = [%d, %d], got %s"
              .formatted(rows, size, Arrays.toString(logits.shape())));
    }
    return new Nd4jLogits(MatrixRows.isDense(logits) ? logits : logits.dup('c'));
  }

  @Override
  public double[] read(int... indices) {
    if (areConsecutive(indices)) {
      return MatrixRows.toHost(logits, indices[0], indices[0] + indices.length);
    }
    try (INDArray copy = Nd4j.pullRows(logits, 1, indices)) {
      return copy.data().asDouble();
    }
  }

  private static boolean areConsecutive(int... indices) {
    for (int i = 1; i < indices.length; i++) {
      if (indices[i] != indices[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }
}
