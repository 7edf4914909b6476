package org.md4j.objective;

import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;

/**
 * The constant terms at the two ends of a schedule that does not quite start at alpha = 1 or end at
 * alpha = 0.
 */
final class EndTerms {
  private EndTerms() {}

  /** {@code N (1 - alpha(0)) ln V}: a token still masked at t = 0 is guessed uniformly. */
  static double reconstruction(MaskingSchedule schedule, int length, Vocabulary vocabulary) {
    return requireLength(length) * schedule.oneMinusAlpha(0) * vocabulary.uniformNats();
  }

  /**
   * {@code N alpha(1) ln V}: the divergence from a prior that is the mask with probability {@code 1
   * - alpha(1)}, else a uniform real token.
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
