package org.md4j.objective;

import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;

/**
 * The terms at the two ends of a bound with a common schedule that does not quite start at alpha =
 * 1 or end at alpha = 0: constants of the row length. {@link StateDependentEndTerms} is the same
 * for a schedule of each token value.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, appendix D, from equation (19) on, for the reconstruction,
 * and appendix E for the prior.
 */
final class EndTerms {
  private EndTerms() {}

  /** Computes {@code N (1 - alpha(0)) ln V}: a token still masked at t = 0 is guessed uniformly. */
  static double reconstruction(MaskingSchedule schedule, int length, Vocabulary vocabulary) {
    return requireLength(length) * schedule.oneMinusAlpha(0) * vocabulary.uniformNats();
  }

  /**
   * Computes {@code N alpha(1) ln V}: the divergence from a prior that is the mask with probability
   * {@code 1 - alpha(1)}, else a uniform real token.
   */
  static double prior(MaskingSchedule schedule, int length, Vocabulary vocabulary) {
    return requireLength(length) * schedule.alpha(1) * vocabulary.uniformNats();
  }

  private static int requireLength(int length) {
    if (length < 1) {
      throw new IllegalArgumentException("length (" + length + ") must be at least 1");
    }
    return length;
  }
}
