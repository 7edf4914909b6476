package org.md4j.train;

/** Which examples a training step sees. */
public enum RowChoice {
  /** Each is drawn from all, whatever was drawn before it. */
  INDEPENDENT,
  /**
   * All are seen once, in a random order, before any is seen again in another, as the reference
   * code does. The order is a function of seed and pass: a resumed run goes on in it.
   */
  EPOCHS
}
