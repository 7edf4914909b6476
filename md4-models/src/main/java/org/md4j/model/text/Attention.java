package org.md4j.model.text;

/** The tokens that a transformer's logits at a position depend on. */
public enum Attention {
  /** Every token of the row. */
  BIDIRECTIONAL,

  /**
   * The tokens before the position, not the one at it, so that position n predicts token n from
   * tokens 0..n-1 and a row's likelihood is the product over its positions. No parameter is added
   * or taken away.
   */
  CAUSAL
}
