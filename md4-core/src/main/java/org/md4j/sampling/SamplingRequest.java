package org.md4j.sampling;

import org.md4j.core.CounterRandom;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;

/**
 * The request to a sampler: the rows to complete, and their randomness.
 *
 * @param start [B, N]: {@link TokenBatch#allMasked} to draw from scratch, or with known tokens in
 *     place; masks are the blanks to fill. Rows drawn in one call or in several are the same if
 *     their numbers are
 * @param random the seed
 */
public record SamplingRequest(Rows start, CounterRandom random) {
  /** Makes a request for rows without labels, numbered from 0. */
  public static SamplingRequest of(TokenBatch start, CounterRandom random) {
    return new SamplingRequest(Rows.of(start), random);
  }
}
