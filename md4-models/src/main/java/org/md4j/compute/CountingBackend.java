package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/** Nothing but counted memory, in a precision. */
record CountingBackend(Precision precision) implements ComputeBackend {
  @Override
  public Compute open(DataType type) {
    if (type == DataType.DOUBLE) {
      return new CountingCompute(Element.F64, Element.F64);
    }
    return new CountingCompute(
        Element.F32, precision == Precision.BF16 ? Element.BF16 : Element.F32);
  }
}
