package org.md4j.train;

/**
 * The best evaluation of a run so far.
 *
 * @param step steps done then; 0 where there was none yet
 * @param bitsPerToken the negative ELBO in bits per token
 */
record BestEvaluation(int step, double bitsPerToken) {
  /** Of a run that was not evaluated yet. */
  static final BestEvaluation NONE = new BestEvaluation(0, 0);

  /** Tells whether an evaluation is better than this one. */
  boolean isBeatenBy(EvaluationReport evaluation) {
    return Double.isFinite(evaluation.bitsPerToken())
        && (step == 0 || evaluation.bitsPerToken() < bitsPerToken);
  }
}
