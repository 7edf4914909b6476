package org.md4j.core;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntUnaryOperator;

/**
 * Rows in memory as a source.
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
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      update(digest, all.count() * all.length(), all.tokens()::token);
      update(digest, all.labels().length, row -> all.labels()[row]);
      return new MemoryRows(name, all, classes, HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime must have SHA-256", e);
    }
  }

  private static void update(MessageDigest digest, int count, IntUnaryOperator value) {
    byte[] bytes = new byte[Integer.BYTES];
    for (int i = 0; i < count; i++) {
      digest.update(ByteBuffer.wrap(bytes).putInt(0, value.applyAsInt(i)).array());
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
