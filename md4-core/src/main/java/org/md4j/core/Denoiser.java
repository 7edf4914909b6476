package org.md4j.core;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The one view md4-core has of a network: noisy tokens and times in, a prediction of the clean
 * tokens out.
 *
 * <p>The prediction at a masked position is {@code mu = softmax(logits)} over the V real tokens
 * (MD4, arXiv 2406.04329v4, equation (3)). What an implementation returns at a position that is not
 * masked is never read by objectives or samplers.
 *
 * <p>Contract, published as {@code org.md4j.contract.DenoiserContract} in the {@code contracts} jar
 * of md4-core: the result has shape [P, V] in c order, is finite, of type FLOAT or DOUBLE, and is
 * the same whenever the same question is asked; a row's logits do not depend on the other rows of
 * the batch beyond rounding of its own number type.
 *
 * <p>{@link HostDenoiser} is for predictions computed in plain Java, without arrays of ND4J.
 *
 * <p>Ownership: the result belongs to the denoiser and is valid until its next call; the caller may
 * overwrite its values but must copy what it keeps. A denoiser is used by one thread at a time
 * unless it says otherwise.
 */
@FunctionalInterface
public interface Denoiser {
  /**
   * Computes logits over the real tokens at the wanted positions.
   *
   * @return [P, V], one row per entry of {@link DenoiserInput#positions()}, in that order
   */
  INDArray logits(DenoiserInput input);

  /**
   * Computes logits over the real tokens at the wanted positions, some after the others: what costs
   * of large questions call. By default there is one block, the {@link #logits}; networks of ours
   * divide what is large, and then never hold all logits.
   *
   * @throws IllegalArgumentException as {@link #logits} does
   */
  default void readLogits(DenoiserInput input, LogitBlocks blocks) {
    blocks.accept(0, logits(input));
  }

  /**
   * Computes logits over the real tokens at the wanted positions, to be read in plain Java: what
   * samplers call.
   *
   * <p>By default these are the {@link #logits}. A denoiser that computes without ND4J returns its
   * own ({@link HostDenoiser} does), one that wraps another passes the question on; both must be
   * the same numbers as {@link #logits}.
   *
   * @return valid until the next call of this denoiser
   * @throws IllegalArgumentException if the logits have another shape than [P, V]
   */
  default HostLogits hostLogits(DenoiserInput input) {
    return Nd4jLogits.of(logits(input), input);
  }
}
