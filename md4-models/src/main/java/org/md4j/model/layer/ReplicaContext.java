package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The state that the layers of one graph share: scratch memory and the facts of the current step.
 *
 * <p>One context belongs to one graph and, like it, to one thread. Scratch holds no value from one
 * layer's call to the next.
 */
public final class ReplicaContext {
  private final Buffers scratch;
  private final RowSelection selection;
  private Uniforms dropout = (example, index) -> 0;
  private long firstExample;
  private boolean accumulating;
  private @Nullable RotaryEmbedding rotary;
  private @Nullable CausalMask causalMask;
  private @Nullable INDArray logitsMemory;
  private double[] hostArray = {};

  /** Makes a context for a graph that computes in the given type. */
  public ReplicaContext(DataType dataType) {
    this.scratch = new Buffers(dataType);
    this.selection = new RowSelection(dataType);
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
   * Sets the memory that the next forward passes may write logits to: an array of their shape, or
   * null for the head's own memory.
   */
  public void setLogitsMemory(@Nullable INDArray memory) {
    this.logitsMemory = memory;
  }

  @Nullable INDArray logitsMemory() {
    return logitsMemory;
  }

  /** The scratch memory that the layers share, in bytes. */
  public long scratchBytes() {
    return scratch.bytes();
  }

  Buffers scratch() {
    return scratch;
  }

  /**
   * The beta of the matrix product that writes gradients: 1 if they are to be added to what is
   * there, else 0.
   */
  double gradientBeta() {
    return accumulating ? 1 : 0;
  }

  /** An array to prepare numbers in; the same object while the length stays the same. */
  double[] hostArray(int length) {
    if (hostArray.length != length) {
      hostArray = new double[length];
    }
    return hostArray;
  }

  /** The matrix that assigns each of B * N rows to its example, [B * N, B]. */
  INDArray selection(long batch, long length) {
    return selection.of(batch, length);
  }

  /** The rotary tables; all layers of a graph have the same shape, so one is kept. */
  RotaryEmbedding rotary(int length, int repetitions, int headSize) {
    if (rotary == null || !rotary.fits(length, repetitions, headSize)) {
      if (rotary != null) {
        rotary.close();
      }
      rotary = new RotaryEmbedding(length, repetitions, headSize, scratch.dataType());
    }
    return rotary;
  }

  /** The mask of causal attention over rows of a length; the last one is kept. */
  CausalMask causalMask(int length) {
    if (causalMask == null || !causalMask.fits(length)) {
      if (causalMask != null) {
        causalMask.close();
      }
      causalMask = new CausalMask(length, scratch.dataType());
    }
    return causalMask;
  }

  Uniforms dropout() {
    return dropout;
  }

  long firstExample() {
    return firstExample;
  }
}
