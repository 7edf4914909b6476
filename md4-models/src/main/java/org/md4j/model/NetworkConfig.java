package org.md4j.model;

import java.util.OptionalLong;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Vocabulary;

/**
 * The shape of a network: all that it takes, beside its parameters, to build it again. A record of
 * one kind of network, such as {@link org.md4j.model.text.TransformerConfig}; two are equal if and
 * only if they are the same network.
 *
 * <p>One of your own is kept in checkpoints by a name given to it in {@code
 * org.md4j.train.CheckpointTypes}.
 */
public interface NetworkConfig {
  /** The vocabulary: V real tokens and the mask. */
  Vocabulary vocabulary();

  /** The length N of the rows that the network is trained on. */
  int length();

  /**
   * The number K of classes that the network's rows are labelled with; 0, the default, for a
   * network that is told no labels.
   */
  default int classes() {
    return 0;
  }

  /**
   * Counts the parameters, without making the network; empty, the default, where it does not say.
   */
  default OptionalLong parameterCount() {
    return OptionalLong.empty();
  }

  /**
   * Counts the bytes that a replica in 32-bit floats, or mixed precision, holds for activations,
   * their gradients and scratch once it has done such work, without making it; empty, the default,
   * where the network does not say. Parameters and their gradients are not among them.
   *
   * @throws OutOfMemoryError if there is not even room for the addresses of {@link #parameterCount}
   *     parameters
   */
  default OptionalLong activationBytes(ReplicaWork work) {
    return OptionalLong.empty();
  }

  /**
   * Makes a new network in 32-bit floats with parameters drawn from the seed, which do not depend
   * on what computes.
   *
   * @param backend what computes; a network with means of its own leaves it aside, and {@link
   *     TrainableDenoiser#computation} says so
   */
  TrainableDenoiser create(long seed, ComputeBackend backend);

  /** Makes a new network that computes with {@link ComputeBackend#preferred()}. */
  default TrainableDenoiser create(long seed) {
    return create(seed, ComputeBackend.preferred());
  }
}
