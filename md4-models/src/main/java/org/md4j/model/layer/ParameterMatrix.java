package org.md4j.model.layer;

/**
 * Names the part of a flat parameter vector that is a matrix W [fanIn, fanOut] in c order, by which
 * rows are multiplied from the right: x W. A 3x3 convolution [3, 3, C, K] is the matrix [9 C, K].
 *
 * @param offset where its first entry lies in the vector, at least 0
 * @param fanIn its rows, the inputs that an output is a sum over, at least 1
 * @param fanOut its columns, the outputs, at least 1
 */
public record ParameterMatrix(long offset, long fanIn, long fanOut) {
  /** Checks every range. */
  public ParameterMatrix {
    if (offset < 0) {
      throw new IllegalArgumentException("offset (" + offset + ") must be at least 0");
    }
    if (fanIn < 1 || fanOut < 1) {
      throw new IllegalArgumentException(
          "fanIn (%d) and fanOut (%d) must be at least 1".formatted(fanIn, fanOut));
    }
  }

  /** The number of entries. */
  public long count() {
    return fanIn * fanOut;
  }

  /** The place after the last entry. */
  public long end() {
    return offset + count();
  }

  /** The same matrix in a vector that this one's is a part of, from {@code by} on. */
  public ParameterMatrix shifted(long by) {
    return new ParameterMatrix(offset + by, fanIn, fanOut);
  }
}
