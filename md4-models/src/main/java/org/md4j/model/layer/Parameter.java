package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;

/** A parameter of a layer: its value and its gradient, views of the network's flat vectors. */
public final class Parameter {
  private final String name;
  private final Compute compute;
  private final Tensor value;
  private final @Nullable Memory operandMemory;
  private boolean rounded;
  private @Nullable Tensor gradient;

  Parameter(String name, Compute compute, Tensor value) {
    this.name = name;
    this.compute = compute;
    this.value = value;
    this.operandMemory =
        compute.operand() == compute.element() ? null : compute.memory(compute.operand());
  }

  /** The value, which only whoever trains the network writes to. */
  public Tensor value() {
    return value;
  }

  /**
   * The value as an operand of products: itself, or in mixed precision a rounded copy of what it
   * was in the last forward pass.
   */
  public Tensor operand() {
    if (operandMemory == null) {
      return value;
    }
    Tensor operand = operandMemory.of(value.shape());
    if (!rounded) {
      compute.copy(value, operand);
      rounded = true;
    }
    return operand;
  }

  /** The memory of the rounded copy, in bytes; 0 without one. */
  long roundedBytes() {
    return operandMemory == null ? 0 : operandMemory.bytes();
  }

  /** Forgets the rounded copy, at the beginning of a forward pass. */
  void refresh() {
    rounded = false;
  }

  /**
   * The gradient, to be written by the backward pass, or added to if the replica accumulates.
   *
   * @throws IllegalStateException if the network has no gradients yet
   */
  public Tensor gradient() {
    if (gradient == null) {
      throw new IllegalStateException(
          "gradients of " + name + " must be allocated before a backward pass");
    }
    return gradient;
  }

  /**
   * Writes the gradient of a table whose rows were gathered.
   *
   * @param rows [M], I32, the rows that were gathered
   * @param rowGradients [M, D], their gradients
   */
  public void addRows(Tensor rows, Tensor rowGradients, boolean accumulate) {
    if (!accumulate) {
      compute.zero(gradient());
    }
    compute.addToRows(rowGradients, rows, gradient());
  }

  void setGradient(Tensor gradient) {
    this.gradient = gradient;
  }
}
