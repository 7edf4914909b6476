package org.md4j.core;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@link Denoiser} that can be trained: what an objective needs of a network to hand it the
 * gradient of a loss.
 *
 * <p>One is used by one thread at a time.
 */
public interface DifferentiableDenoiser extends Denoiser {
  /**
   * Computes logits for training: as {@link #logits}, with dropout on and activations kept for
   * {@link #backward}.
   *
   * @param input with rows numbered as they are within the step
   * @param dropout the source of dropout masks, read at the example number of each row; not read if
   *     the network has no dropout
   * @return [P, V], valid until the next call on this network
   */
  INDArray forwardForTraining(DenoiserInput input, Uniforms dropout);

  /**
   * Computes the gradients of a loss with respect to the parameters, by the chain rule from its
   * gradient with respect to the logits of the last {@link #forwardForTraining}.
   *
   * @param logitGradients [P, V], may be the (overwritten) array that forwardForTraining returned
   * @param accumulate whether to add to the gradients of earlier calls instead of replacing them
   * @throws IllegalStateException if no forward pass for training came before
   * @throws IllegalArgumentException if the gradients have another shape than its logits
   */
  void backward(INDArray logitGradients, boolean accumulate);

  /**
   * Computes logits for training and, from their gradients, those of the parameters: {@link
   * #forwardForTraining} and {@link #backward} in one, for which not all logits need be there at
   * once. By default there is one block.
   *
   * @param input as for forwardForTraining
   * @param dropout as for forwardForTraining
   * @param gradients overwrites each block of logits by the gradient of the loss with respect to it
   * @param accumulate whether to add to the gradients of earlier calls instead of replacing them
   */
  default void train(
      DenoiserInput input, Uniforms dropout, LogitBlocks gradients, boolean accumulate) {
    INDArray logits = forwardForTraining(input, dropout);
    gradients.accept(0, logits);
    backward(logits, accumulate);
  }
}
