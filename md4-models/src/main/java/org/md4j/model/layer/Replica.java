package org.md4j.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.compute.Compute;
import org.md4j.compute.Element;
import org.md4j.compute.Scratch;
import org.md4j.compute.Tensor;
import org.md4j.core.Uniforms;

/**
 * What the layers of one running network share: how they compute, scratch memory and the facts of
 * the current step.
 *
 * <p>One replica belongs to one network and, like it, to one thread at a time. Scratch holds no
 * value from one layer's call to the next.
 */
public final class Replica implements AutoCloseable {
  private final Compute compute;
  private final Scratch scratch;
  private final Scratch operandScratch;
  private final List<SharedTable> tables = new ArrayList<>();
  private Uniforms dropout = (example, index) -> 0;
  private long firstExample;
  private boolean accumulating;
  private @Nullable Tensor logitsMemory;

  /** Makes a replica that computes in the given way. */
  public Replica(Compute compute) {
    this.compute = compute;
    this.scratch = new Scratch(() -> compute.memory(compute.element()));
    this.operandScratch = new Scratch(() -> compute.memory(compute.operand()));
  }

  /** The operations that the layers are written in. */
  public Compute compute() {
    return compute;
  }

  /**
   * Sets the table that the next training pass takes its dropout masks from.
   *
   * @param firstExample the number of the batch's first row within the step
   */
  public void setDropout(long firstExample, Uniforms dropout) {
    this.firstExample = firstExample;
    this.dropout = dropout;
  }

  /** Sets whether the next backward pass adds to the gradients or replaces them. */
  public void setAccumulating(boolean accumulating) {
    this.accumulating = accumulating;
  }

  /**
   * Sets the memory that the next forward passes may write logits to: a tensor of their shape, or
   * null for the head's own memory.
   */
  public void setLogitsMemory(@Nullable Tensor memory) {
    this.logitsMemory = memory;
  }

  /** The memory that logits are wanted in, or null if the head is free to choose. */
  public @Nullable Tensor logitsMemory() {
    return logitsMemory;
  }

  /** The memory that the layers share, in bytes: scratch and tables. */
  public long sharedBytes() {
    return scratch.bytes()
        + operandScratch.bytes()
        + tables.stream().mapToLong(SharedTable::bytes).sum();
  }

  /** Tells whether the backward pass adds to the gradients that are there. */
  public boolean accumulating() {
    return accumulating;
  }

  /** The table that this step's dropout masks are taken from. */
  Uniforms dropout() {
    return dropout;
  }

  /** The number of the batch's first row within the step. */
  long firstExample() {
    return firstExample;
  }

  Tensor scratch(Element element, long... shape) {
    return element == compute.element() ? scratch.take(shape) : operandScratch.take(shape);
  }

  /** Ends the use of all scratch memory: called after every layer's call. */
  void freeScratch() {
    scratch.free();
    operandScratch.free();
  }

  /** The table that equals a key, made the first time: layers of equal sizes share one. */
  @SuppressWarnings("unchecked") // A table equals no key of another class.
  public <T extends SharedTable> T shared(T key) {
    int at = tables.indexOf(key);
    if (at >= 0) {
      return (T) tables.get(at);
    }
    tables.add(key);
    return key;
  }

  @Override
  public void close() {
    compute.close();
  }
}
