package org.md4j.compute;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory that is allocated once for the largest shape it was asked for, and handed out again: a
 * later call for fewer entries gets a tensor on the same memory. The tensors of the last few shapes
 * are kept, since a sampler's calls go back and forth between numbers of rows.
 *
 * <p>Allocating 16 MB costs as much as filling it several times over, so nothing in a training step
 * may do it. What the entries are is undefined when the memory grows, and otherwise what was
 * written last. Not safe for several threads.
 */
public final class Memory {
  /** The number of shapes that are remembered. */
  private static final int RECENT = 64;

  private final Element element;
  private final boolean counted;
  private final Map<Shape, Tensor> tensors =
      new LinkedHashMap<>(RECENT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Tensor> eldest) {
          return size() > RECENT;
        }
      };
  private @Nullable INDArray storage;
  private @Nullable Tensor last;
  private long capacity;

  private record Shape(long[] sizes) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Shape that && Arrays.equals(sizes, that.sizes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(sizes);
    }
  }

  /** Makes memory that is allocated when it is first asked for. */
  public Memory(Element element) {
    this(element, false);
  }

  private Memory(Element element, boolean counted) {
    this.element = element;
    this.counted = counted;
  }

  /** Makes memory that is counted but never allocated: its tensors are shapes alone. */
  static Memory counted(Element element) {
    return new Memory(element, true);
  }

  /** The number type of the entries. */
  public Element element() {
    return element;
  }

  /**
   * Returns a tensor in c order: the same object while the shape stays the same, and as a rule when
   * it comes back.
   *
   * @throws OutOfMemoryError if the machine does not give as much
   */
  public Tensor of(long... shape) {
    Tensor latest = last;
    if (latest != null && latest.hasShape(shape)) {
      return latest;
    }
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    if (capacity < length || capacity == 0) {
      grow(Math.max(1, length));
    }
    Tensor tensor = tensors.computeIfAbsent(new Shape(shape.clone()), key -> tensorOf(key.sizes()));
    last = tensor;
    return tensor;
  }

  private void grow(long length) {
    tensors.clear();
    last = null;
    capacity = 0; // As long as there is no other memory: it may be refused.
    INDArray held = storage;
    if (held != null) {
      held.close();
      storage = null;
    }
    if (!counted) {
      NativeMemory.require(length * element.bytes());
      storage = Nd4j.createUninitialized(element.dataType(), length);
    }
    capacity = length;
  }

  private Tensor tensorOf(long[] shape) {
    INDArray held = storage;
    return held == null ? Tensor.withoutMemory(element, shape) : Tensor.at(held, element, shape);
  }

  /** The memory held, in bytes; or counted. */
  public long bytes() {
    return capacity * element.bytes();
  }
}
