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
    this.element = element;
  }

  /** The number type of the entries. */
  public Element element() {
    return element;
  }

  /**
   * Returns a tensor in c order: the same object while the shape stays the same, and as a rule when
   * it comes back.
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
    INDArray held = storage;
    if (held == null || held.length() < length) {
      if (held != null) {
        tensors.clear();
        held.close();
      }
      held = Nd4j.createUninitialized(element.dataType(), Math.max(1, length));
      storage = held;
    }
    INDArray memory = held;
    Tensor tensor =
        tensors.computeIfAbsent(
            new Shape(shape.clone()), key -> Tensor.at(memory, element, key.sizes()));
    last = tensor;
    return tensor;
  }

  /** The memory held, in bytes. */
  public long bytes() {
    INDArray held = storage;
    return held == null ? 0 : held.length() * element.bytes();
  }
}
