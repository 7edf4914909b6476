package org.md4j.compute;

/** A function that is applied to every entry. */
public enum Activation {
  /** The logistic function, 1 / (1 + exp(-x)). */
  LOGISTIC,

  /** The swish, x / (1 + exp(-x)). */
  SWISH,

  /**
   * GELU in its approximation by tanh (Hendrycks and Gimpel, arXiv 1606.08415), which is Flax's
   * default: x (1 + tanh(sqrt(2/π) (x + 0.044715 x³))) / 2.
   */
  GELU
}
