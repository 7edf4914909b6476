package org.md4j.sampling;

import java.util.Arrays;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;

/**
 * The sampler without time steps: one token an evaluation, each at the very time it is revealed.
 *
 * <pre>
 *   with n masks at time t, the next reveal is at t' with 1 - alpha(t') = (1 - alpha(t)) u^(1/n),
 *   at a masked position drawn evenly, and becomes token v with probability mu(x_t', t')[v]
 * </pre>
 *
 * <p>The law is the limit of ancestral sampling with ever more steps; a row with N blanks takes N
 * evaluations. Under a clipped schedule what is still masked when the time has run out becomes the
 * likeliest token at t = 0, all at once, as step N + 1.
 *
 * <p>Source: Zheng et al., arXiv 2409.02908.
 *
 * @param decoding how the network is asked and tokens are drawn
 */
public record FirstHittingSampler(Decoding decoding) implements ReverseSampler {
  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    double[] masked = new double[run.rows()];
    Arrays.fill(masked, decoding.schedule().oneMinusAlpha(1));
    double[] times = new double[run.rows()];
    double end = decoding.schedule().oneMinusAlpha(0);
    int most = 0;
    for (int row = 0; row < run.rows(); row++) {
      most = Math.max(most, run.blanks(row));
    }
    for (int step = 1; step <= most; step++) {
      int[] positions = new int[run.rows()];
      int count = 0;
      for (int row = 0; row < run.rows(); row++) {
        int n = run.masks(row);
        if (n == 0 || masked[row] < end) {
          continue;
        }
        int first = row * run.length();
        masked[row] = next(masked[row], n, run.uniform(Purpose.SAMPLING_TIME, step, first));
        if (masked[row] >= end) {
          times[row] = decoding.schedule().nearestTime(1 - masked[row]);
          int chosen = (int) (run.uniform(Purpose.UNMASK, step, first) * n);
          positions[count++] = run.maskedPositions(row)[chosen];
        }
      }
      if (count == 0) {
        break;
      }
      int number = step;
      run.ask(
          Arrays.copyOf(positions, count),
          times,
          (position, at) -> run.revealDrawn(position, at, number, times[position / run.length()]));
      run.endRound();
    }
    // Not the most blanks of a row, which would depend on the row's neighbours.
    run.fillLeftOver(run.length() + 1);
    return run.result();
  }

  /**
   * 1 - alpha at the next reveal.
   *
   * @param masked 1 - alpha now
   * @param n masks, at least 1
   * @param u in [0, 1)
   */
  static double next(double masked, int n, double u) {
    return masked * Math.pow(u, 1.0 / n);
  }
}
