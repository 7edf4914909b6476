package org.md4j.objective;

import org.md4j.core.DifferentiableDenoiser;

/**
 * The loss of one training step on the rows of one thread. Rows are added part by part; each part
 * is a forward and a backward pass of the network.
 *
 * <p>What is differentiated may differ from what is reported, by terms that have no value as a
 * bound; {@link #nats} is the bound.
 */
public interface TrainingLoss {
  /**
   * Adds rows: their bound to {@link #nats}, and the gradient of their loss, times {@code scale},
   * to the gradients of the network. The first gradient of a step replaces what the network held.
   *
   * @param scale of the gradient of nats, say {@code 1 / (B N ln 2)} for a mean in bits per token
   */
  void add(DifferentiableDenoiser network, TrainingRows rows, double scale);

  /** The bound of all rows added, in nats, reconstruction and prior included. */
  double nats();

  /**
   * Says whether the network has been given a gradient; false if no row had anything to predict.
   */
  boolean hasGradient();
}
