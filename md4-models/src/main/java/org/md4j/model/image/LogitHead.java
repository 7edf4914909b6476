package org.md4j.model.image;

/**
 * The way the logits of a colour's values follow from the last image of an image network.
 *
 * <p>Deviation: the paper's networks know {@link #FREE} only; the others are settings of ours,
 * which teach a network about a value's neighbours whatever it learns about the value.
 */
public enum LogitHead {
  /** Weights and a bias a value, none related to another: the paper's. */
  FREE,

  /**
   * The same, and besides weights of the first cosines over the values: with h what a logit looks
   * at, {@code logit_v = w_v h + b_v + 4 sum over k of cos(pi k v / (V - 1)) u_k h}, k = 0..31; for
   * fewer than 32 values V, k = 0..V-1. All of w, b and u start at zero.
   */
  SMOOTH,

  /**
   * The same as {@link #SMOOTH}, and a peak besides, at a value that the network predicts from the
   * known values of the pixels at most two rows and columns away, by weights of its own choice for
   * every token: {@code logit_v = .. - sqrt(1 + z_v^2)} with {@code z_v} the distance of v from the
   * prediction, times a sharpness of its own choice. At the start the prediction is a mean of the
   * known values near by, and the peak is wide.
   */
  PREDICTIVE
}
