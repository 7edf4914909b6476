package org.md4j.model.text;

/**
 * The place where a transformer's tokens are embedded (reference code b9fbf29: {@code
 * outside_embed}).
 */
public enum TokenEmbedding {
  /** Embedding at the width of a head, projected up: the paper's text8 networks. */
  OUTSIDE,

  /**
   * Embedding at the model width, with dropout on the embedding: the paper's OpenWebText networks.
   */
  INSIDE
}
