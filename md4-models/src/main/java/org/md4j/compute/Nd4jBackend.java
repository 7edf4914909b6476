package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/** ND4J in a precision. */
record Nd4jBackend(Precision precision) implements ComputeBackend {
  @Override
  public Compute open(DataType type) {
    return type == DataType.DOUBLE || precision == Precision.F32
        ? new Nd4jCompute(Element.of(type))
        : new WideningCompute(new Nd4jCompute(Element.F32));
  }
}
