package org.md4j.sampling;

/**
 * The cost of sampling: what a sampler asked, revealed and took.
 *
 * @param evaluations calls of the denoiser
 * @param rows rows in those calls, added up: {@code rows / B} is the number of network evaluations
 *     that a row took
 * @param positions positions asked about, added up: work of the network's head
 * @param tokens tokens revealed; one that was masked again and revealed anew counts each time
 * @param seconds time by the clock, at least 0; the only number here that a repetition may change
 */
public record SamplingCost(
    long evaluations, long rows, long positions, long tokens, double seconds) {
  /** Returns the cost of nothing: zeros. */
  public static SamplingCost none() {
    return new SamplingCost(0, 0, 0, 0, 0);
  }

  /** Returns the cost of this and another together. */
  public SamplingCost plus(SamplingCost other) {
    return new SamplingCost(
        evaluations + other.evaluations,
        rows + other.rows,
        positions + other.positions,
        tokens + other.tokens,
        seconds + other.seconds);
  }

  /** The number of tokens revealed a second; 0 if none was. */
  public double tokensPerSecond() {
    return tokens == 0 ? 0 : tokens / seconds;
  }
}
