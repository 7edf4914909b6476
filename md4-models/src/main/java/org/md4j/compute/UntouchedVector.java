package org.md4j.compute;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A vector of 32-bit floats that has addresses but, as long as nobody reads or writes it, no memory
 * of the machine: stands for parameters while memory is counted.
 */
public final class UntouchedVector implements AutoCloseable {
  private final FloatPointer memory;
  private final INDArray array;

  /**
   * Reserves addresses.
   *
   * @param length at least 1
   * @throws OutOfMemoryError if there is no room for so many
   */
  public UntouchedVector(long length) {
    NativeMemory.require(length * Float.BYTES);
    memory = new FloatPointer(length);
    array =
        Nd4j.create(
            Nd4j.createBuffer(memory, length, DataType.FLOAT),
            new long[] {length},
            new long[] {1},
            0,
            'c',
            DataType.FLOAT);
  }

  /** The vector, [length], not to be used after {@link #close}. */
  public INDArray array() {
    return array;
  }

  @Override
  public void close() {
    memory.close();
  }
}
