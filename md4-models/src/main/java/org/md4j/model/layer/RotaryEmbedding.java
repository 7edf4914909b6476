package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Element;
import org.md4j.compute.Tensor;
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
 *
 * <p>Two are equal if their sizes are: layers of one network share one.
 */
public final class RotaryEmbedding {
  private static final double THETA = 10_000;

  private final Sizes sizes;
  private @Nullable Tables tables;

  private record Sizes(int length, int repetitions, int headSize, Element element) {}

  private record Tables(Tensor cosines, Tensor sines, Tensor quarterTurn) {}

  /**
   * Names the tables for rows of {@code length} positions with {@code repetitions} heads beside
   * each other; they are made when they are first used.
   *
   * @param repetitions heads in a row of what {@link #rotateInPlace} is given
   */
  public RotaryEmbedding(int length, int repetitions, int headSize, Element element) {
    this.sizes = new Sizes(length, repetitions, headSize, element);
  }

  private Tables tables() {
    Tables made = tables;
    if (made == null) {
      made = make();
      tables = made;
    }
    return made;
  }

  private Tables make() {
    int headSize = sizes.headSize();
    double[] cosine = new double[Math.toIntExact(rowSize())];
    double[] sine = new double[cosine.length];
    int next = 0;
    for (int position = 0; position < sizes.length(); position++) {
      for (int head = 0; head < sizes.repetitions(); head++) {
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
    return new Tables(
        converted(Nd4j.createFromArray(cosine).reshape('c', 1, cosine.length)),
        converted(Nd4j.createFromArray(sine).reshape('c', 1, sine.length)),
        converted(Nd4j.createFromArray(turn)));
  }

  private Tensor converted(INDArray exact) {
    return Tensor.of(exact.castTo(sizes.element().dataType()));
  }

  private long rowSize() {
    return (long) sizes.length() * sizes.repetitions() * sizes.headSize();
  }

  /** The radians a position of pair {@code pair}. */
  static double frequency(int pair, int headSize) {
    return Math.pow(THETA, -2.0 * pair / headSize);
  }

  /**
   * Turns every head of every row by its position.
   *
   * @param x [M, repetitions * h], M a multiple of the length
   * @param scratch tensor of the shape of x, destroyed
   */
  public void rotateInPlace(Compute compute, Tensor x, Tensor scratch) {
    rotate(compute, x, scratch, tables().quarterTurn());
  }

  /** Turns every head back: the inverse of {@link #rotateInPlace}, and its transpose. */
  public void rotateBackInPlace(Compute compute, Tensor x, Tensor scratch) {
    rotate(compute, x, scratch, tables().quarterTurn().transposed());
  }

  private void rotate(Compute compute, Tensor x, Tensor scratch, Tensor turn) {
    long rows = x.length() / rowSize();
    Tensor row = x.reshape(rows, rowSize());
    compute.multiply(row, tables().sines(), scratch.reshape(rows, rowSize()));
    compute.multiply(row, tables().cosines(), row);
    long heads = x.length() / sizes.headSize();
    compute.product(
        scratch.reshape(heads, sizes.headSize()),
        turn,
        x.reshape(heads, sizes.headSize()),
        1,
        true);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RotaryEmbedding that && sizes.equals(that.sizes);
  }

  @Override
  public int hashCode() {
    return sizes.hashCode();
  }
}
