package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/** The number type of a tensor's entries. */
public enum Element {
  /** 64-bit floating point, for checks of gradients. */
  F64(DataType.DOUBLE),

  /** 32-bit floating point: parameters, gradients, statistics, sums and results. */
  F32(DataType.FLOAT),

  /** bfloat16, 8 exponent and 7 fraction bits: what is only an operand of products. */
  BF16(DataType.BFLOAT16),

  /** 32-bit integers: token ids, labels and row numbers. */
  I32(DataType.INT32);

  private final DataType dataType;

  Element(DataType dataType) {
    this.dataType = dataType;
  }

  /** The type's name in ND4J. */
  public DataType dataType() {
    return dataType;
  }

  /** The size of an entry in bytes. */
  public int bytes() {
    return dataType.width();
  }

  /**
   * Returns the element of an ND4J type.
   *
   * @throws IllegalArgumentException if networks do not compute in it
   */
  public static Element of(DataType dataType) {
    for (Element element : values()) {
      if (element.dataType == dataType) {
        return element;
      }
    }
    throw new IllegalArgumentException(
        "dataType (" + dataType + ") must be DOUBLE, FLOAT, BFLOAT16 or INT32");
  }
}
