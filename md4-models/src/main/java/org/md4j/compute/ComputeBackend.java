package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * What makes {@link Compute}s, one for each running network: a library and a {@link Precision}.
 *
 * <p>Networks in 64 bits, which are for checks of gradients, are computed in 64 bits by ND4J
 * whatever the backend. Two backends are equal if they compute the same way.
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
    return new PreferredBackend(precision);
  }

  /** ND4J's operations: on every platform it has a backend for, on CUDA too. */
  static ComputeBackend nd4j(Precision precision) {
    return new Nd4jBackend(precision);
  }

  /**
   * Operations that compute nothing, on memory that is counted and not allocated: with them a
   * network's memory is known without having it.
   */
  static ComputeBackend counting(Precision precision) {
    return new CountingBackend(precision);
  }

  /**
   * oneDNN's primitives.
   *
   * @throws LinkageError when opened, if oneDNN's native library does not load
   */
  static ComputeBackend oneDnn(Precision precision) {
    return new OneDnnBackend(precision);
  }
}
