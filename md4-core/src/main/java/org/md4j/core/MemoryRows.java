package org.md4j.core;

import java.nio.ByteBuffer;
import java.util.function.IntUnaryOperator;

/**
 * A source of rows that are in memory.
 *
 * @param sha256 of the tokens, row by row, and then the labels, each as four bytes, the highest
 *     first
 */
record MemoryRows(String name, Rows all, int classes, String sha256) implements RowSource {
  MemoryRows {
    Checks.clean(all.tokens());
    if (all.hasLabels() != classes > 0) {
      throw new IllegalArgumentException(
          "classes (%d) must be at least 1 for rows with labels and 0 for rows without, got %d labels"
              .formatted(classes, all.labels().length));
    }
    for (int row = 0; row < all.labels().length; row++) {
      if (all.labels()[row] >= classes) {
        throw new IllegalArgumentException(
            "label (%d) of row %d must be in 0..%d".formatted(all.labels()[row], row, classes - 1));
      }
    }
  }

  static MemoryRows of(String name, Rows all, int classes) {
    Sha256 hash = new Sha256();
    add(hash, all.count() * all.length(), all.tokens()::token);
    add(hash, all.labels().length, row -> all.labels()[row]);
    return new MemoryRows(name, all, classes, hash.hex());
  }

  private static void add(Sha256 hash, int count, IntUnaryOperator value) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES);
    for (int i = 0; i < count; i++) {
      hash.add(bytes.clear().putInt(value.applyAsInt(i)).flip());
    }
  }

  @Override
  public Vocabulary vocabulary() {
    return all.vocabulary();
  }

  @Override
  public int length() {
    return all.length();
  }

  @Override
  public long size() {
    return all.count();
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    System.arraycopy(all.tokens().row((int) index), 0, into, 0, into.length);
  }

  @Override
  public int label(long index) {
    if (classes == 0) {
      return RowSource.super.label(index);
    }
    Checks.index(this, index);
    return all.labels()[(int) index];
  }
}
