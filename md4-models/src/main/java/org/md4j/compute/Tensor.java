package org.md4j.compute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory with a shape: what operations read and write.
 *
 * <p>A tensor does not own its memory; whoever allocated that (a {@link Memory}, a {@link Scratch},
 * an ND4J array's maker) does, and must outlive it. Two tensors are equal only if they are the same
 * object. Views are made once and kept by the tensor they are views of, so that asking for the same
 * view again costs a look-up and gives the same object, which is how an implementation of {@link
 * Compute} knows an operation it has prepared. Not safe for several threads.
 */
public final class Tensor {
  private final @Nullable DataBuffer buffer;
  private final Element element;
  private final long offset;
  private final long[] shape;
  private final long[] strides;
  private final Map<Object, Tensor> views = new HashMap<>(4);
  private @Nullable INDArray array;
  private @Nullable Object prepared;

  private Tensor(
      @Nullable DataBuffer buffer, Element element, long offset, long[] shape, long[] strides) {
    this.buffer = buffer;
    this.element = element;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }

  /** Returns a tensor on an ND4J array's memory. */
  public static Tensor of(INDArray array) {
    Tensor tensor =
        new Tensor(
            array.data(),
            Element.of(array.dataType()),
            array.offset(),
            array.shape().clone(),
            array.stride().clone());
    tensor.array = array;
    return tensor;
  }

  /**
   * Returns a vector of numbers of rows, I32, on memory that is freed once nothing refers to it.
   */
  public static Tensor of(int[] rows) {
    return of(Nd4j.createFromArray(rows));
  }

  /** Returns a tensor of the first entries of an array, in c order. */
  static Tensor at(INDArray storage, Element element, long[] shape) {
    return new Tensor(storage.data(), element, storage.offset(), shape, contiguous(shape));
  }

  /**
   * Returns a tensor in c order that has a shape but no memory, which nothing can be written to.
   */
  static Tensor withoutMemory(Element element, long[] shape) {
    return new Tensor(null, element, 0, shape, contiguous(shape));
  }

  private DataBuffer buffer() {
    DataBuffer present = buffer;
    if (present == null) {
      throw new IllegalStateException(
          "a tensor of shape "
              + Arrays.toString(shape)
              + " must have memory to be read or written");
    }
    return present;
  }

  /** Tells whether these are the sizes of the dimensions. */
  boolean hasShape(long[] sizes) {
    return Arrays.equals(sizes, shape);
  }

  /** The number type of the entries. */
  public Element element() {
    return element;
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The size of a dimension. */
  public long size(int dimension) {
    return shape[dimension];
  }

  /** The sizes of all dimensions, a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** The distances in memory from an entry to the next of a dimension, in entries; a copy. */
  public long[] strides() {
    return strides.clone();
  }

  /** The number of entries. */
  public long length() {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    return length;
  }

  /** The address of the first entry. */
  long address() {
    return buffer().address() + offset * element.bytes();
  }

  /** The memory and its view as an ND4J array. */
  public INDArray array() {
    INDArray view = array;
    if (view == null) {
      view = Nd4j.create(buffer(), shape, strides, offset, 'c');
      array = view;
    }
    return view;
  }

  /** What an implementation has prepared of this tensor, made the first time. */
  @SuppressWarnings("unchecked") // A tensor belongs to one implementation for its life.
  <T> T prepared(Supplier<T> maker) {
    Object known = prepared;
    if (known == null) {
      known = maker.get();
      prepared = known;
    }
    return (T) known;
  }

  /**
   * Returns the same entries in another shape.
   *
   * @throws IllegalArgumentException if the number of entries is another
   * @throws IllegalStateException if the entries have gaps or are not in c order
   */
  public Tensor reshape(long... newShape) {
    if (Arrays.equals(newShape, shape)) {
      return this;
    }
    List<Long> key = new ArrayList<>(newShape.length);
    for (long size : newShape) {
      key.add(size);
    }
    Tensor known = views.get(key);
    if (known == null) {
      known = reshaped(newShape.clone());
      views.put(key, known);
    }
    return known;
  }

  private Tensor reshaped(long[] newShape) {
    if (!isContiguous()) {
      throw new IllegalStateException(
          "a tensor of strides %s and shape %s must be contiguous to take shape %s"
              .formatted(
                  Arrays.toString(strides), Arrays.toString(shape), Arrays.toString(newShape)));
    }
    Tensor result = new Tensor(buffer, element, offset, newShape, contiguous(newShape));
    if (result.length() != length()) {
      throw new IllegalArgumentException(
          "newShape (%s) must have the %d entries of %s, got %d"
              .formatted(
                  Arrays.toString(newShape), length(), Arrays.toString(shape), result.length()));
    }
    return result;
  }

  /** Tells whether the entries lie in c order without gaps. */
  public boolean isContiguous() {
    long expected = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      if (shape[d] != 1 && strides[d] != expected) {
        return false;
      }
      expected *= shape[d];
    }
    return true;
  }

  private static long[] contiguous(long[] shape) {
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = stride;
      stride *= shape[d];
    }
    return strides;
  }

  private record Permutation(List<Integer> order) {}

  /** Returns a view with the dimensions in another order. */
  public Tensor permute(int... order) {
    List<Integer> list = new ArrayList<>(order.length);
    for (int d : order) {
      list.add(d);
    }
    Object key = new Permutation(list);
    Tensor known = views.get(key);
    if (known == null) {
      long[] newShape = new long[order.length];
      long[] newStrides = new long[order.length];
      for (int d = 0; d < order.length; d++) {
        newShape[d] = shape[order[d]];
        newStrides[d] = strides[order[d]];
      }
      known = new Tensor(buffer, element, offset, newShape, newStrides);
      views.put(key, known);
    }
    return known;
  }

  /** Returns a view with the last two dimensions exchanged: the transpose of a matrix. */
  public Tensor transposed() {
    int rank = shape.length;
    int[] order = new int[rank];
    Arrays.setAll(order, d -> d);
    order[rank - 1] = rank - 2;
    order[rank - 2] = rank - 1;
    return permute(order);
  }

  private record Interval(int dimension, long from, long to) {}

  /**
   * Returns a view of an interval of one dimension.
   *
   * @param to exclusive, at most the dimension's size
   */
  public Tensor interval(int dimension, long from, long to) {
    if (from < 0 || to > shape[dimension] || from > to) {
      throw new IllegalArgumentException(
          "interval [%d, %d) must lie in dimension %d of %s"
              .formatted(from, to, dimension, Arrays.toString(shape)));
    }
    if (from == 0 && to == shape[dimension]) {
      return this;
    }
    Object key = new Interval(dimension, from, to);
    Tensor known = views.get(key);
    if (known == null) {
      long[] newShape = shape.clone();
      newShape[dimension] = to - from;
      known =
          new Tensor(
              buffer, element, offset + from * strides[dimension], newShape, strides.clone());
      views.put(key, known);
    }
    return known;
  }

  @Override
  public String toString() {
    return element + Arrays.toString(shape);
  }
}
