package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/** oneDNN in a precision. */
record OneDnnBackend(Precision precision) implements ComputeBackend {
  @Override
  public Compute open(DataType type) {
    if (type == DataType.DOUBLE) {
      return new Nd4jCompute(Element.F64);
    }
    if (precision == Precision.F32) {
      return new OneDnnCompute(Element.F32);
    }
    return OneDnn.hasAvx512()
        ? new OneDnnCompute(Element.BF16)
        : new WideningCompute(new OneDnnCompute(Element.F32));
  }
}
