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
  private static final int[] NONE = {};

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    double[] masked = new double[run.rows().count()];
    Arrays.fill(masked, decoding.schedule().oneMinusAlpha(1));
    run.rounds(row -> nextEvent(run, row, masked), run::revealDrawn);
    // Not the most blanks of a row, which would depend on the row's neighbours.
    run.fillLeftOver(run.rows().length() + 1);
    return run.result();
  }

  /**
   * Returns the next position revealed in a row, none when its masks or the time have run out.
   *
   * @param masked 1 - alpha at the latest event of each row, [B]; brought up to date
   */
  private int[] nextEvent(SamplingRun run, int row, double[] masked) {
    double end = decoding.schedule().oneMinusAlpha(0);
    int[] positions = run.rows().maskedPositions(row);
    if (positions.length == 0 || masked[row] < end) {
      return NONE;
    }
    int step = run.step(row) + 1;
    int first = row * run.rows().length();
    masked[row] =
        next(masked[row], positions.length, run.uniform(Purpose.SAMPLING_TIME, step, first));
    if (masked[row] < end) {
      return NONE;
    }
    run.moveTo(row, step, decoding.schedule().nearestTime(1 - masked[row]));
    double u = run.uniform(Purpose.UNMASK, step, first);
    return new int[] {positions[(int) (u * positions.length)]};
  }

  /**
   * Returns 1 - alpha at the next reveal.
   *
   * @param masked 1 - alpha now
   * @param n masks, at least 1
   * @param u in [0, 1)
   */
  static double next(double masked, int n, double u) {
    return masked * Math.pow(u, 1.0 / n);
  }
}
