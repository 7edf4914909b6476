package org.md4j.model.text;

/** The tokens that a transformer's logits at a position depend on. */
public enum Attention {
  /** Attention to every token of the row. */
  BIDIRECTIONAL,

  /**
   * Attention to the tokens before the position, not to the one at it, so that position n predicts
   * token n from tokens 0..n-1 and a row's likelihood is the product over its positions. No
   * parameter is added or taken away.
   */
  CAUSAL
}
