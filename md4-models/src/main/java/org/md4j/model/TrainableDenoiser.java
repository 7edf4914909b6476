package org.md4j.model;

import java.util.List;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.DenoiserInput;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Vocabulary;
import org.md4j.model.layer.ParameterMatrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network that can be trained: a {@link DifferentiableDenoiser} with one flat parameter vector,
 * one flat gradient vector and a backward pass.
 *
 * <p>{@link #replica} makes another network on the <em>same</em> parameters with its own gradients
 * and activations: one per core (or device) is how a batch is spread. A single replica is used by
 * one thread at a time.
 *
 * <p>A network of your own is trained by {@code org.md4j.train.Trainer} as ours are, and kept in
 * checkpoints once its {@link NetworkConfig} is registered there. Its contract is published as
 * {@code org.md4j.models.contract.TrainableDenoiserContract} in the {@code contracts} jar of
 * md4-models.
 */
public interface TrainableDenoiser extends DifferentiableDenoiser {
  /** The shape of the network, from which another one with as many parameters can be made. */
  NetworkConfig config();

  /** The vocabulary the network was built for. */
  default Vocabulary vocabulary() {
    return config().vocabulary();
  }

  /**
   * The number K of classes that the network wants rows labelled with: labels are 0..K-1, and K is
   * the null label of a row without class. 0 for a network that is told no labels.
   */
  default int classes() {
    return config().classes();
  }

  /**
   * Computes the logits of {@link #logits(DenoiserInput)} in memory of the caller's.
   *
   * @param out [P, V] in c order without gaps, of the type of the parameters; overwritten
   */
  default void logits(DenoiserInput input, INDArray out) {
    out.assign(logits(input));
  }

  /** The parameters, shape [count], shared by all replicas; write to it to change the network. */
  INDArray parameters();

  /**
   * The gradients of the last {@link #backward}, shape [count], this replica's own, laid out as the
   * parameters.
   */
  INDArray gradients();

  /**
   * The parameters that are matrices, which an optimiser of matrices (Muon) may update as wholes,
   * in the order in which they lie in {@link #parameters} and apart from each other; by default
   * none, which leaves all of them to AdamW.
   *
   * <p>Weights of blocks that vectors are multiplied with belong here. Embeddings and projections
   * of them, what makes the conditioning vector, modulations and the layer that makes the logits do
   * not.
   */
  default List<ParameterMatrix> matrices() {
    return List.of();
  }

  /**
   * Names a parameter, for messages; by default by its place. Ours say layer and array.
   *
   * @param index of the parameter in {@link #parameters}
   */
  default String parameterName(long index) {
    return "parameter " + index;
  }

  /**
   * What computes on the parameters beside the network itself, as an optimiser of matrices does; by
   * default the fastest on this machine.
   */
  default ComputeBackend backend() {
    return ComputeBackend.preferred();
  }

  /**
   * Says what this network computes with, for logs and records of runs; by default its class. Ours
   * name library, instruction set and precision.
   */
  default String computation() {
    return getClass().getSimpleName();
  }

  /** Makes another network on the same parameters, with gradients and activations of its own. */
  TrainableDenoiser replica();
}
