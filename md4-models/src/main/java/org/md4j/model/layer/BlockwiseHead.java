package org.md4j.model.layer;

import org.jspecify.annotations.Nullable;
import org.md4j.compute.Tensor;

/** A layer that ends a network and can make its logits some positions after the others. */
public interface BlockwiseHead {
  /** What is done with the logits of consecutive positions, from an index on. */
  @FunctionalInterface
  interface Action {
    /**
     * Takes a block.
     *
     * @param logits [p, V]; in training to be overwritten by the gradient
     */
    void accept(int from, Tensor logits);
  }

  /**
   * Makes the logits of all positions, and in training the gradients.
   *
   * @param inputs as for {@link Layer#forward}
   * @param most positions in a block, but for a few that round it up where it is small; at least 1
   * @return in training the gradients of the inputs, as of {@link Layer#backward}; else none
   */
  @Nullable Tensor[] runInBlocks(Tensor[] inputs, int most, Action action, boolean training);
}
