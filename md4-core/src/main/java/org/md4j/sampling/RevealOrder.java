package org.md4j.sampling;

/**
 * Which masked position a sampler is surest about; the lowest position on ties.
 *
 * <p>Scores are of the network's own prediction, before any {@link LogitFilter}.
 *
 * <p>Source: confidence is MaskGIT's, Chang et al., arXiv 2202.04200; margin Kim et al., arXiv
 * 2502.06768; entropy Ye et al. (Dream), arXiv 2508.15487.
 */
public enum RevealOrder {
  /** The greatest probability of the likeliest token. */
  CONFIDENCE {
    @Override
    public double score(Categorical prediction) {
      return prediction.probability(prediction.argmax());
    }
  },

  /** The greatest difference between the two likeliest tokens. */
  MARGIN {
    @Override
    public double score(Categorical prediction) {
      return prediction.margin();
    }
  },

  /** The least entropy. */
  ENTROPY {
    @Override
    public double score(Categorical prediction) {
      return -prediction.entropy();
    }
  };

  /** The score of a prediction: the greater, the sooner. */
  public abstract double score(Categorical prediction);

  /**
   * The score of a prediction: the greater, the sooner.
   *
   * @param logits [V]
   */
  public double score(double[] logits) {
    return score(Categorical.of(logits));
  }
}
