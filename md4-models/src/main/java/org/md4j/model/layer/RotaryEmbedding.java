package org.md4j.model.layer;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rotary positions on interleaved pairs (reference code b9fbf29, networks/transformer.py): channels
 * (2i, 2i+1) of a head are turned by {@code position * 10000^(-2i/h)}.
 *
 * <pre>
 * even' = even cos - odd sin;  odd' = even sin + odd cos
 * </pre>
 *
 * <p>As dense operations: with C and S the tables of cosines and sines and R the matrix that sends
 * (even, odd) to (-odd, even) by pairs, {@code x' = x C + (x S) R}; its inverse and transpose takes
 * Rᵀ for R. R is one [h, h] matrix for all heads and positions, so a rotation is two broadcast
 * multiplications and one small matrix product; strided views of even and odd channels would be
 * several times slower.
 */
final class RotaryEmbedding {
  private static final double THETA = 10_000;

  private final int length;
  private final int repetitions;
  private final int headSize;
  private final INDArray cosines;
  private final INDArray sines;
  private final INDArray quarterTurn;

  /**
   * Makes the tables for rows of {@code length} positions with {@code repetitions} heads beside
   * each other.
   *
   * @param repetitions heads in a row of what {@link #rotateInPlace} is given
   */
  RotaryEmbedding(int length, int repetitions, int headSize, DataType type) {
    this.length = length;
    this.repetitions = repetitions;
    this.headSize = headSize;
    double[] cosine = new double[length * repetitions * headSize];
    double[] sine = new double[cosine.length];
    int next = 0;
    for (int position = 0; position < length; position++) {
      for (int head = 0; head < repetitions; head++) {
        for (int channel = 0; channel < headSize; channel++) {
          double angle = position * frequency(channel / 2, headSize);
          cosine[next] = Math.cos(angle);
          sine[next] = Math.sin(angle);
          next++;
        }
      }
    }
    double[][] turn = new double[headSize][headSize];
    for (int i = 0; i < headSize; i += 2) {
      turn[i][i + 1] = 1;
      turn[i + 1][i] = -1;
    }
    this.cosines = converted(Nd4j.createFromArray(cosine), type);
    this.sines = converted(Nd4j.createFromArray(sine), type);
    this.quarterTurn = converted(Nd4j.createFromArray(turn), type);
  }

  private static INDArray converted(INDArray exact, DataType type) {
    if (exact.dataType() == type) {
      return exact;
    }
    try (exact) {
      return exact.castTo(type);
    }
  }

  /** Frees the tables. */
  void close() {
    cosines.close();
    sines.close();
    quarterTurn.close();
  }

  /** The radians a position of pair {@code pair}. */
  static double frequency(int pair, int headSize) {
    return Math.pow(THETA, -2.0 * pair / headSize);
  }

  /** Tells whether the tables are for these sizes. */
  boolean fits(int otherLength, int otherRepetitions, int otherHeadSize) {
    return otherLength == length && otherRepetitions == repetitions && otherHeadSize == headSize;
  }

  /**
   * Turns every head of every row by its position.
   *
   * @param x [M, repetitions * h], M a multiple of the length
   * @param scratch array of the shape of x, destroyed
   */
  void rotateInPlace(INDArray x, INDArray scratch) {
    rotate(x, scratch, false);
  }

  /** Turns every head back: the inverse of {@link #rotateInPlace}, and its transpose. */
  void rotateBackInPlace(INDArray x, INDArray scratch) {
    rotate(x, scratch, true);
  }

  private void rotate(INDArray x, INDArray scratch, boolean back) {
    long rowSize = (long) length * repetitions * headSize;
    INDArray rows = x.reshape('c', x.length() / rowSize, rowSize);
    INDArray scratchRows = scratch.reshape('c', rows.size(0), rowSize);
    Operations.multiplyRows(rows, sines, scratchRows);
    Operations.multiplyRows(rows, cosines, rows);
    INDArray heads = x.reshape('c', x.length() / headSize, headSize);
    INDArray scratchHeads = scratch.reshape('c', heads.size(0), headSize);
    if (back) {
      Operations.productTransposedSecond(scratchHeads, quarterTurn, heads, 1, 1);
    } else {
      Operations.product(scratchHeads, quarterTurn, heads, 1, 1);
    }
  }
}
