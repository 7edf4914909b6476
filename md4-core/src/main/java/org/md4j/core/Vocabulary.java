package org.md4j.core;

/**
 * The set of token values: real values {@code 0 .. size-1} and the mask, whose id is {@code size}.
 *
 * <p>A network embeds {@code size + 1} ids and predicts only the {@code size} real ones: a logit
 * for the mask does not exist, so no prediction can put weight on it (MD4, arXiv 2406.04329v4,
 * section 3; reference code b9fbf29).
 *
 * @param size V, the number of real token values, at least 1
 */
public record Vocabulary(int size) {
  /** Rejects an empty vocabulary. */
  public Vocabulary {
    if (size < 1) {
      throw new IllegalArgumentException("size (" + size + ") must be at least 1");
    }
  }

  /** The id that stands for a masked token: V. */
  public int maskId() {
    return size;
  }

  /** The number of rows an embedding table needs: V + 1. */
  public int embeddingRows() {
    return size + 1;
  }

  /** The entropy of a uniform token, {@code ln V}, in nats. */
  public double uniformNats() {
    return Math.log(size);
  }
}
