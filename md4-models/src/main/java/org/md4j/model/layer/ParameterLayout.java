package org.md4j.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Names, shapes and initialisers of a layer's parameters, in the order in which they lie in its
 * flat vector.
 */
public final class ParameterLayout {
  /** The number of entries drawn at a time: 8 MB on the host, however large a parameter is. */
  private static final long LARGEST_PIECE = 1 << 20;

  private record Entry(Initialiser initialiser, long[] shape, boolean matrix) {
    long count() {
      long count = 1;
      for (long size : shape) {
        count *= size;
      }
      return count;
    }
  }

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** Appends a parameter. */
  public ParameterLayout add(String name, Initialiser initialiser, long... shape) {
    entries.put(name, new Entry(initialiser, shape, false));
    return this;
  }

  /**
   * Appends a parameter that is a matrix, which an optimiser of matrices (Muon) may update as a
   * whole: weights that vectors are multiplied with, such as those of attention, of a feed-forward
   * layer or of a convolution. Not one is what is looked up by rows (an embedding) or projects
   * that, what makes the conditioning vector or a modulation of it, nor what makes the logits.
   *
   * @param shape the last size is the fan-out, what an output is of; all before it are together the
   *     fan-in, what is summed over: [in, out], or [3, 3, in, out] for a convolution
   * @throws IllegalArgumentException if there are fewer than two sizes
   */
  public ParameterLayout addMatrix(String name, Initialiser initialiser, long... shape) {
    if (shape.length < 2) {
      throw new IllegalArgumentException(
          "shape of the matrix %s must have at least 2 sizes, got %d"
              .formatted(name, shape.length));
    }
    entries.put(name, new Entry(initialiser, shape, true));
    return this;
  }

  /** The parameters that are matrices, by their places in the layer's flat vector, in order. */
  public List<ParameterMatrix> matrices() {
    List<ParameterMatrix> matrices = new ArrayList<>();
    long offset = 0;
    for (Entry entry : entries.values()) {
      if (entry.matrix()) {
        long fanOut = entry.shape()[entry.shape().length - 1];
        matrices.add(new ParameterMatrix(offset, entry.count() / fanOut, fanOut));
      }
      offset += entry.count();
    }
    return List.copyOf(matrices);
  }

  /**
   * The name of the parameter that an entry of the layer's flat vector belongs to.
   *
   * @throws IndexOutOfBoundsException if there is no such entry
   */
  public String nameAt(long index) {
    long end = 0;
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      end += named.getValue().count();
      if (index < end) {
        return named.getKey();
      }
    }
    throw new IndexOutOfBoundsException(index);
  }

  /** The number of entries of all parameters together. */
  public long count() {
    return entries.values().stream().mapToLong(Entry::count).sum();
  }

  /**
   * The parameters as c-order views of a flat vector: writing to a view writes to the vector.
   *
   * @param flat {@link #count()} entries
   */
  public Map<String, INDArray> views(INDArray flat) {
    if (entries.isEmpty()) {
      return Map.of(); // DL4J gives a layer without parameters no vector.
    }
    if (flat.length() != count()) {
      throw new IllegalArgumentException(
          "flat must have "
              + count()
              + " entries for parameters "
              + entries.keySet()
              + ", got "
              + flat.length());
    }
    INDArray vector = flat.reshape(flat.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    long offset = 0;
    for (Map.Entry<String, Entry> named : entries.entrySet()) {
      Entry entry = named.getValue();
      long end = offset + entry.count();
      views.put(
          named.getKey(),
          vector.get(NDArrayIndex.interval(offset, end)).reshape('c', entry.shape()));
      offset = end;
    }
    return views;
  }

  /**
   * Writes initial values.
   *
   * @param flat {@link #count()} entries, overwritten
   * @param layer the layer's number: layers draw from different examples of the table
   */
  public void initialise(INDArray flat, Uniforms uniforms, long layer) {
    if (entries.isEmpty()) {
      return;
    }
    INDArray vector = flat.reshape(flat.length());
    long offset = 0;
    for (Entry entry : entries.values()) {
      long first = offset;
      long end = offset + entry.count();
      while (offset < end) {
        double[] values = new double[(int) Math.min(LARGEST_PIECE, end - offset)];
        uniforms.fill(layer, offset, values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
          values[i] = entry.initialiser().value(values[i], offset - first + i);
        }
        try (INDArray drawn = Nd4j.createFromArray(values)) {
          vector.get(NDArrayIndex.interval(offset, offset + values.length)).assign(drawn);
        }
        offset += values.length;
      }
    }
  }
}
