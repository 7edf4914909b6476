package org.md4j.model;

import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network that can be trained: a {@link Denoiser} with one flat parameter vector, one flat
 * gradient vector and a backward pass.
 *
 * <p>{@link #replica} makes another network on the <em>same</em> parameters with its own gradients
 * and activations: one per core (or device) is how a batch is spread. A single replica is used by
 * one thread at a time.
 */
public interface TrainableDenoiser extends Denoiser {
  /** The vocabulary the network was built for. */
  Vocabulary vocabulary();

  /**
   * K, the number of classes it wants rows labelled with: labels are 0..K-1, and K is the null
   * label of a row without class. 0, the default, for a network that is told no labels.
   */
  default int classes() {
    return 0;
  }

  /** The parameters, shape [count], shared by all replicas; write to it to change the network. */
  INDArray parameters();

  /**
   * The gradients of the last {@link #backward}, shape [count], this replica's own, laid out as the
   * parameters.
   */
  INDArray gradients();

  /**
   * Logits for training: as {@link #logits}, with dropout on and activations kept for {@link
   * #backward}.
   *
   * @param firstExample the number of the batch's first row within the step; row b uses example
   *     {@code firstExample + b}
   * @param dropout the source of dropout masks; not read if the network has no dropout
   * @return [P, V], valid until the next call on this replica
   */
  INDArray forwardForTraining(DenoiserInput input, long firstExample, Uniforms dropout);

  /**
   * Gradients of a loss with respect to the parameters, by the chain rule from its gradient with
   * respect to the logits of the last {@link #forwardForTraining}.
   *
   * @param logitGradients [P, V], may be the (overwritten) array that forwardForTraining returned
   * @param accumulate whether to add to {@link #gradients} instead of replacing them
   * @throws IllegalStateException if no forward pass for training came before
   */
  void backward(INDArray logitGradients, boolean accumulate);

  /** Another network on the same parameters, with gradients and activations of its own. */
  TrainableDenoiser replica();
}
