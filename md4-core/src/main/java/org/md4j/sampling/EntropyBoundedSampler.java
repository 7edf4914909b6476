package org.md4j.sampling;

import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;

/**
 * Reveals as many tokens at once as are nearly independent of each other, judged by their
 * entropies.
 *
 * <pre>
 *   positions by entropy, the least first: the longest prefix, at least one position, with
 *     sum of its entropies - the greatest of them &lt;= bound
 * </pre>
 *
 * <p>The left side bounds the joint dependence of the tokens revealed together, hence the error of
 * drawing them independently. A bound of 0 reveals one token at a time, but for those that are
 * certain; an infinite one all at once. The network is asked at every mask, and is told the time at
 * which the diffusion would have as many of the row's blanks masked.
 *
 * <p>Only tokens are drawn, by a uniform number of {@link Purpose#TOKEN}; positions tie by number,
 * the lowest first. Steps are counted from 1 for each row.
 *
 * <p>Source: Ben-Hamu et al., "Accelerated sampling from masked diffusion models via entropy
 * bounded unmasking", arXiv 2505.24857.
 *
 * @param decoding how the network is asked and tokens are drawn
 * @param bound gamma, in nats, at least 0
 */
public record EntropyBoundedSampler(Decoding decoding, double bound) implements ReverseSampler {
  /** Checks the bound. */
  public EntropyBoundedSampler {
    if (!(bound >= 0)) {
      throw new IllegalArgumentException("bound (" + bound + ") must be at least 0");
    }
  }

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    SurestFirst.draw(
        run,
        RevealOrder.ENTROPY,
        row -> {
          // As if the row consisted of its blanks only: there is no grid to take the time from.
          double revealed = 1 - (double) run.rows().masks(row) / run.rows().blanks(row);
          run.moveTo(row, run.step(row) + 1, decoding.schedule().nearestTime(revealed));
        },
        (row, scores) -> within(scores));
    return run.result();
  }

  /**
   * The length of the longest prefix within the bound.
   *
   * @param scores entropies with a minus, descending
   */
  private int within(double[] scores) {
    int count = 1;
    double before = -scores[0];
    // The greatest entropy is the last one: what counts is the sum of those before it.
    while (count < scores.length && before <= bound) {
      before -= scores[count++];
    }
    return count;
  }
}
