package org.md4j.sampling;

import org.md4j.core.CounterRandom;
import org.md4j.core.TokenBatch;

/**
 * What a sampler is to complete.
 *
 * <p>The array is not copied; it must not change while the rows are drawn.
 *
 * @param start [B, N]: {@link TokenBatch#allMasked} to draw from scratch, or with known tokens in
 *     place; masks are the blanks to fill
 * @param labels the class of each row, [B], or empty, [0], for a network without classes
 * @param firstExample the number of row 0 in the caller's count of rows, at least 0: rows drawn in
 *     one call or in several are the same if their numbers are
 * @param random the seed
 */
public record SamplingRequest(
    TokenBatch start, int[] labels, long firstExample, CounterRandom random) {
  private static final int[] NO_LABELS = {};

  /** Checks shape and range. */
  public SamplingRequest {
    if (labels.length != 0 && labels.length != start.rows()) {
      throw new IllegalArgumentException(
          "labels must be empty or have shape [B] = ["
              + start.rows()
              + "], got ["
              + labels.length
              + "]");
    }
    if (firstExample < 0) {
      throw new IllegalArgumentException("firstExample (" + firstExample + ") must be at least 0");
    }
  }

  /** Rows without labels, counted from 0. */
  public static SamplingRequest of(TokenBatch start, CounterRandom random) {
    return new SamplingRequest(start, NO_LABELS, 0, random);
  }

  /** The same with a class for each row, [B]. */
  public SamplingRequest withLabels(int... labels) {
    return new SamplingRequest(start, labels, firstExample, random);
  }

  /** The same with rows counted from another number. */
  public SamplingRequest withFirstExample(long firstExample) {
    return new SamplingRequest(start, labels, firstExample, random);
  }
}
