package org.md4j.model.layer;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Named matrices that are allocated once and handed out again: a later call for fewer rows gets a
 * view of the same memory. The views of the last few shapes are kept, since a sampler's calls go
 * back and forth between numbers of rows.
 *
 * <p>Allocating 16 MB costs ND4J as much as filling it several times over, so nothing in a training
 * step may do it.
 */
final class Buffers {
  private static final class Slot {
    final INDArray storage;
    final Recent<Shape, INDArray> views = new Recent<>(RECENT);

    Slot(INDArray storage) {
      this.storage = storage;
    }
  }

  private record Shape(long rows, long columns) {}

  /** The number of shapes of a matrix that are remembered. */
  static final int RECENT = 16;

  private final DataType dataType;
  private final Map<String, Slot> slots = new HashMap<>();

  Buffers(DataType dataType) {
    this.dataType = dataType;
  }

  DataType dataType() {
    return dataType;
  }

  /**
   * An uninitialised c-order [rows, columns] matrix; the same object while the shape stays the
   * same, and as a rule when it comes back.
   */
  INDArray matrix(String name, long rows, long columns) {
    Slot slot = slots.get(name);
    if (slot == null || slot.storage.length() < rows * columns) {
      slot = replace(name, slot, rows * columns);
    }
    return view(slot, rows, columns);
  }

  /** A [rows, columns] matrix of ones, to be left so. */
  INDArray ones(String name, long rows, long columns) {
    Slot slot = slots.get(name);
    if (slot == null || slot.storage.length() < rows * columns) {
      slot = replace(name, slot, rows * columns);
      slot.storage.assign(1);
    }
    return view(slot, rows, columns);
  }

  /** The memory held, in bytes. */
  long bytes() {
    long bytes = 0;
    for (Slot slot : slots.values()) {
      bytes += slot.storage.length() * dataType.width();
    }
    return bytes;
  }

  private Slot replace(String name, @Nullable Slot old, long length) {
    if (old != null) {
      old.storage.close();
    }
    Slot slot = new Slot(Nd4j.createUninitialized(dataType, length));
    slots.put(name, slot);
    return slot;
  }

  private static INDArray view(Slot slot, long rows, long columns) {
    return slot.views.computeIfAbsent(
        new Shape(rows, columns),
        shape ->
            slot.storage.get(NDArrayIndex.interval(0, rows * columns)).reshape('c', rows, columns));
  }
}
