package org.md4j.compute;

import org.nd4j.linalg.api.buffer.DataType;

/** The fastest there is in a precision; looks at the machine when a network is made. */
record PreferredBackend(Precision precision) implements ComputeBackend {
  @Override
  public Compute open(DataType type) {
    ComputeBackend fastest =
        OneDnn.isAvailable() ? new OneDnnBackend(precision) : new Nd4jBackend(precision);
    return fastest.open(type);
  }
}
