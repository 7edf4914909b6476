package org.md4j.sampling;

/**
 * The order in which masked positions are revealed, the position a sampler is surest about first;
 * the lowest on ties.
 *
 * <p>Scores are of the network's own prediction, before any {@link LogitFilter}.
 *
 * <p>Source: confidence is MaskGIT's, Chang et al., arXiv 2202.04200; margin Kim et al., arXiv
 * 2502.06768; entropy Ye et al. (Dream), arXiv 2508.15487.
 */
public enum RevealOrder {
  /** Prefers the greatest probability of the likeliest token. */
  CONFIDENCE {
    @Override
    public double score(Categorical prediction) {
      return prediction.probability(prediction.argmax());
    }
  },

  /** Prefers the greatest difference between the two likeliest tokens. */
  MARGIN {
    @Override
    public double score(Categorical prediction) {
      return prediction.margin();
    }
  },

  /** Prefers the least entropy. */
  ENTROPY {
    @Override
    public double score(Categorical prediction) {
      return -prediction.entropy();
    }
  };

  /** Scores a prediction: the greater, the sooner. */
  public abstract double score(Categorical prediction);

  /**
   * Scores a prediction given by its logits: the greater, the sooner.
   *
   * @param logits [V]
   */
  public double score(double[] logits) {
    return score(Categorical.of(logits));
  }
}
