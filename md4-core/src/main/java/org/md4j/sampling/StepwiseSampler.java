package org.md4j.sampling;

import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;

/**
 * The loop of the reference code: T steps from all masks to data, the network evaluated in every
 * step at every mask.
 *
 * <pre>
 *   in a step from t to s, each masked position by itself
 *     stays masked      with probability 1 - rule(s, t)
 *     becomes token v   with probability rule(s, t) mu(x_t, t)[v]
 * </pre>
 *
 * <p>It is here to be compared with: {@link EventDrivenSampler} has the same law and asks far less.
 *
 * <p>A mask left over after the last step becomes the likeliest token at t = 0 (the lowest id on
 * ties).
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 4 and algorithm 2; the reference code's {@code
 * ancestral} sampler and {@code decode} (google-deepmind/md4, commit b9fbf29).
 *
 * @param decoding how the network is asked and tokens are drawn
 * @param rule the probability of being revealed in a step
 * @param grid the times of the T steps
 */
public record StepwiseSampler(Decoding decoding, UnmaskingRule rule, TimeGrid grid)
    implements ReverseSampler {
  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    for (int i = 0; i < grid.steps(); i++) {
      int step = i + 1;
      double unmask = rule.probability(decoding.schedule(), grid.time(step), grid.time(i));
      run.moveAllTo(step, grid.time(i));
      if (run.ask(
          run.rows().positions(run.rows()::maskedPositions),
          (position, at) -> {
            if (run.uniform(Purpose.UNMASK, step, position) < unmask) {
              run.revealDrawn(position, at);
            }
          })) {
        run.endRound();
      }
    }
    run.fillLeftOver(grid.steps() + 1);
    return run.result();
  }
}
