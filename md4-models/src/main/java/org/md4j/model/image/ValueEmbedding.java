package org.md4j.model.image;

/**
 * The way the values of a colour enter an image network.
 *
 * <p>Deviation: the paper's networks know {@link #TABLE} only; the other is a setting of ours,
 * which teaches a network about a value's neighbours whatever it learns about the value.
 */
public enum ValueEmbedding {
  /** A learned vector a value and one for the mask, none related to another: the paper's. */
  TABLE,

  /**
   * Fourier features of the value, the sine and cosine of {@code pi 2^k v / (V - 1)} for k = 0..5,
   * and {@code 2 v / (V - 1) - 1} itself, through a learned linear layer; a vector of its own for
   * the mask; and beside either a channel that is 1 where a colour is masked, else 0.
   */
  FOURIER_FEATURES
}
