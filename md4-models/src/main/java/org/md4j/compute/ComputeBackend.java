package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/** What makes {@link Compute}s, one for each running network: a library and a precision. */
public interface ComputeBackend {
  /**
   * Makes the operations of one running network.
   *
   * @param type number type of the network's parameters, FLOAT or DOUBLE
   */
  Compute open(DataType type);

  /**
   * The fastest backend of this machine: oneDNN where its native library loads and ND4J keeps its
   * arrays in the processor's memory, else ND4J's operations.
   */
  static ComputeBackend preferred() {
    return OneDnn.isAvailable() ? oneDnn() : nd4j();
  }

  /** ND4J's operations: on every platform it has a backend for, on CUDA too. */
  static ComputeBackend nd4j() {
    return type -> new Nd4jCompute(Element.of(type));
  }

  /** oneDNN's primitives in 32 bits; ND4J's operations for networks in 64. */
  static ComputeBackend oneDnn() {
    return type ->
        type == DataType.DOUBLE ? new Nd4jCompute(Element.F64) : new OneDnnCompute(Element.F32);
  }
}
