package org.md4j.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Element;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One layer inside a running network: parameters and gradients as views of the network's flat
 * vectors, and a forward and a backward pass on memory of its own, written in the operations of
 * {@link Compute}.
 *
 * <p>What {@link #forward} returns is the layer's own memory, valid until its next forward pass.
 * Backward passes expect the saved activations of the last forward pass and may destroy them. A
 * layer is used by one thread at a time and does not check shapes: the network's own class checks
 * what a user gives it.
 */
public abstract class Layer {
  /** The smallest difference between two capacities. */
  private static final long SMALLEST_STEP = 8;

  /** The number of capacities between one and twice it. */
  private static final long STEPS_A_DOUBLING = 8;

  private final Place place;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final List<Memory> memories = new ArrayList<>();

  /** Makes a layer at its place. */
  protected Layer(Place place) {
    this.place = place;
    place
        .layout()
        .views(place.parameters())
        .forEach(
            (name, view) -> parameters.put(name, new Parameter(name, compute(), Tensor.of(view))));
  }

  /** Computes the layer's result for the given inputs. */
  protected abstract Tensor forward(Tensor[] inputs, boolean training);

  /**
   * Writes the parameters' gradients and returns those of the inputs, null for inputs without
   * gradient (token ids, positions).
   *
   * @param inputs those of the last forward pass, unchanged
   * @param outputGradient gradient of the forward result, of its shape, not to be changed
   */
  protected abstract @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient);

  /** The operations that the layer is written in. */
  public final Compute compute() {
    return place.replica().compute();
  }

  /** What the layer shares with the others of its network. */
  public final Replica replica() {
    return place.replica();
  }

  /** Tells whether the backward pass adds to the gradients that are there. */
  public final boolean accumulating() {
    return place.replica().accumulating();
  }

  /** The layer's number within its network. */
  final int number() {
    return place.number();
  }

  /**
   * Returns a parameter by its name in the layout; to be kept in a field.
   *
   * @throws IllegalArgumentException if the layout has none of this name
   */
  public final Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException(
          "name (" + name + ") must be a parameter of this layer, got " + parameters.keySet());
    }
    return parameter;
  }

  /** Makes memory of the layer's own, for what lives from the forward to the backward pass. */
  public final Memory memory() {
    return memory(compute().element());
  }

  /**
   * Makes memory of the layer's own for what is only an operand of products: half as large in mixed
   * precision.
   */
  public final Memory operandMemory() {
    return memory(compute().operand());
  }

  private Memory memory(Element element) {
    Memory memory = compute().memory(element);
    memories.add(memory);
    return memory;
  }

  /**
   * Makes a tensor of fixed numbers, in the type the layer computes in; to be kept in a field.
   *
   * @param entries as many as the shape has, row by row
   */
  public final Tensor constant(double[] entries, long... shape) {
    return Tensor.of(
        Nd4j.createFromArray(entries).castTo(compute().element().dataType()).reshape(shape));
  }

  /** Takes scratch memory, which is free again when this layer's call ends. */
  public final Tensor scratch(long... shape) {
    return replica().scratch(compute().element(), shape);
  }

  /** Takes scratch memory for what is only an operand of products. */
  public final Tensor operandScratch(long... shape) {
    return replica().scratch(compute().operand(), shape);
  }

  /**
   * Returns x as an operand of products: itself, or in mixed precision a rounded copy in scratch
   * memory.
   */
  public final Tensor operand(Tensor x) {
    if (x.element() == compute().operand()) {
      return x;
    }
    Tensor rounded = operandScratch(x.shape());
    compute().copy(x, rounded);
    return rounded;
  }

  /**
   * Returns memory for what is to be rounded to an operand in the end: the operand's own, or in
   * mixed precision scratch memory of its shape.
   */
  public final Tensor unrounded(Tensor operand) {
    return operand.element() == compute().element() ? operand : scratch(operand.shape());
  }

  /** Writes what was computed in {@link #unrounded} memory to the operand, if they differ. */
  public final void round(Tensor unrounded, Tensor operand) {
    if (unrounded != operand) {
      compute().copy(unrounded, operand);
    }
  }

  /**
   * Returns a number of rows rounded up to one of a few: operations are prepared for a shape, and
   * the number of wanted positions differs from call to call. At most one row in eight is waste, or
   * seven.
   */
  public static long capacity(long rows) {
    long step = Math.max(SMALLEST_STEP, Long.highestOneBit(rows) / STEPS_A_DOUBLING);
    return (rows + step - 1) / step * step;
  }

  /**
   * Gathers rows, and zeros after them up to the capacity of their number.
   *
   * @param x [M, D]
   * @param rows [P], I32
   * @param out [capacity of P, D]
   */
  public final void gatherWanted(Tensor x, Tensor rows, Tensor out) {
    long wanted = rows.length();
    compute().gatherRows(x, rows, out.interval(0, 0, wanted));
    zeroAfter(wanted, out);
  }

  /** Copies x [P, D] to the first rows of out [capacity of P, D], and writes zeros after them. */
  public final void copyWanted(Tensor x, Tensor out) {
    long wanted = x.size(0);
    compute().copy(x, out.interval(0, 0, wanted));
    zeroAfter(wanted, out);
  }

  private void zeroAfter(long rows, Tensor out) {
    if (rows < out.size(0)) {
      compute().zero(out.interval(0, rows, out.size(0)));
    }
  }

  /** The memory that this layer holds for itself, in bytes, rounded parameters included. */
  final long activationBytes() {
    return memories.stream().mapToLong(Memory::bytes).sum()
        + parameters.values().stream().mapToLong(Parameter::roundedBytes).sum();
  }

  /** Computes the result, with scratch memory before and after free. */
  final Tensor run(Tensor[] inputs, boolean training) {
    parameters.values().forEach(Parameter::refresh);
    try {
      return forward(inputs, training);
    } finally {
      replica().freeScratch();
    }
  }

  /** Computes the gradients, with scratch memory before and after free. */
  final @Nullable Tensor[] runBackward(Tensor[] inputs, Tensor outputGradient) {
    try {
      return backward(inputs, outputGradient);
    } finally {
      replica().freeScratch();
    }
  }

  /** Runs a head in blocks, with scratch memory before and after free. */
  final @Nullable Tensor[] runHead(
      Tensor[] inputs, int most, BlockwiseHead.Action action, boolean training) {
    parameters.values().forEach(Parameter::refresh);
    try {
      return ((BlockwiseHead) this).runInBlocks(inputs, most, action, training);
    } finally {
      replica().freeScratch();
    }
  }

  final void setGradients(INDArray flat) {
    place
        .layout()
        .views(flat)
        .forEach((name, view) -> parameter(name).setGradient(Tensor.of(view)));
  }
}
