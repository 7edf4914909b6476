package org.md4j.model.text;

/** Where a transformer's tokens are embedded (reference code b9fbf29: {@code outside_embed}). */
public enum TokenEmbedding {
  /** At the width of a head, and projected up: the paper's text8 networks. */
  OUTSIDE,

  /** At the model width, with dropout on the embedding: the paper's OpenWebText networks. */
  INSIDE
}
