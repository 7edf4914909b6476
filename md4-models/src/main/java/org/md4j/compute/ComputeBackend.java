package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * What makes {@link Compute}s, one for each running network: a library and a {@link Precision}.
 *
 * <p>Networks in 64 bits, which are for checks of gradients, are computed in 64 bits by ND4J
 * whatever the backend.
 */
public interface ComputeBackend {
  /**
   * Makes the operations of one running network.
   *
   * @param type number type of the network's parameters, FLOAT or DOUBLE
   */
  Compute open(DataType type);

  /** The fastest backend of this machine in 32 bits. */
  static ComputeBackend preferred() {
    return preferred(Precision.F32);
  }

  /**
   * The fastest backend of this machine in a precision: oneDNN where its native library loads and
   * ND4J keeps its arrays in the processor's memory, else ND4J's operations.
   */
  static ComputeBackend preferred(Precision precision) {
    return OneDnn.isAvailable() ? oneDnn(precision) : nd4j(precision);
  }

  /** ND4J's operations: on every platform it has a backend for, on CUDA too. */
  static ComputeBackend nd4j(Precision precision) {
    return type ->
        type == DataType.DOUBLE || precision == Precision.F32
            ? new Nd4jCompute(Element.of(type))
            : new WideningCompute(new Nd4jCompute(Element.F32));
  }

  /**
   * oneDNN's primitives.
   *
   * @throws LinkageError when opened, if oneDNN's native library does not load
   */
  static ComputeBackend oneDnn(Precision precision) {
    return type -> {
      if (type == DataType.DOUBLE) {
        return new Nd4jCompute(Element.F64);
      }
      if (precision == Precision.F32) {
        return new OneDnnCompute(Element.F32);
      }
      return OneDnn.hasAvx512()
          ? new OneDnnCompute(Element.BF16)
          : new WideningCompute(new OneDnnCompute(Element.F32));
    };
  }
}
