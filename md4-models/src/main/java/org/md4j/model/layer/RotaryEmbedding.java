package org.md4j.model.layer;

import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.HostNumbers;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

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
public final class RotaryEmbedding implements SharedTable {
  private static final double THETA = 10_000;

  private final Sizes sizes;
  private final Compute compute;
  private final Memory cosineMemory;
  private final Memory sineMemory;
  private final Memory turnMemory;
  private @Nullable Tables tables;

  private record Sizes(int length, int repetitions, int headSize) {}

  private record Tables(Tensor cosines, Tensor sines, Tensor quarterTurn) {}

  /**
   * Names the tables for rows of {@code length} positions with {@code repetitions} heads beside
   * each other; they are made when they are first used.
   *
   * @param repetitions heads in a row of what {@link #rotateInPlace} is given
   * @param compute how to rotate
   */
  public RotaryEmbedding(int length, int repetitions, int headSize, Compute compute) {
    this.sizes = new Sizes(length, repetitions, headSize);
    this.compute = compute;
    this.cosineMemory = compute.memory(compute.element());
    this.sineMemory = compute.memory(compute.element());
    this.turnMemory = compute.memory(compute.element());
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
    Tables made =
        new Tables(
            cosineMemory.of(1, rowSize()),
            sineMemory.of(1, rowSize()),
            turnMemory.of(headSize, headSize));
    compute.write(angles(Math::cos), made.cosines());
    compute.write(angles(Math::sin), made.sines());
    compute.write(this::fillTurn, made.quarterTurn());
    return made;
  }

  /** A function of the angle of every position, head and channel. */
  private HostNumbers angles(DoubleUnaryOperator function) {
    int headSize = sizes.headSize();
    long perPosition = (long) sizes.repetitions() * headSize;
    return (from, piece) -> {
      for (int i = 0; i < piece.length; i++) {
        long position = (from + i) / perPosition;
        int channel = (int) ((from + i) % headSize);
        piece[i] = function.applyAsDouble(position * frequency(channel / 2, headSize));
      }
    };
  }

  /** Sends (even, odd) to (-odd, even), rows being what is sent. */
  private void fillTurn(long from, double[] piece) {
    for (int i = 0; i < piece.length; i++) {
      long row = (from + i) / sizes.headSize();
      long column = (from + i) % sizes.headSize();
      boolean isPair = row / 2 == column / 2 && row != column;
      piece[i] = !isPair ? 0 : row < column ? 1 : -1;
    }
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
  public void rotateInPlace(Tensor x, Tensor scratch) {
    rotate(x, scratch, tables().quarterTurn());
  }

  /** Turns every head back: the inverse of {@link #rotateInPlace}, and its transpose. */
  public void rotateBackInPlace(Tensor x, Tensor scratch) {
    rotate(x, scratch, tables().quarterTurn().transposed());
  }

  private void rotate(Tensor x, Tensor scratch, Tensor turn) {
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
  public long bytes() {
    return cosineMemory.bytes() + sineMemory.bytes() + turnMemory.bytes();
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
