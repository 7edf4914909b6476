package org.md4j.sampling;

import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.schedule.StateDependentSchedule;

/**
 * Draws by ancestral sampling under a state-dependent schedule, T steps from all masks to data, the
 * network evaluated in every step at every mask: GenMD4's reverse process.
 *
 * <pre>
 *   in a step from t to s, each masked position by itself, r_v = (alpha(s, v) - alpha(t, v)) / (1 - alpha(t, v))
 *     becomes token v   with probability mu(x_t, t)[v] r_v
 *     stays masked      with probability 1 - sum over v of mu(x_t, t)[v] r_v
 * </pre>
 *
 * <p>Which positions are revealed therefore depends on what is predicted there: where quickly
 * revealed values are likely, sooner. mu is the filtered prediction in both lines. The network is
 * told the sampler's own time t, whatever is given: the prediction depends on it even for a perfect
 * network, because how long a token has stayed masked tells something about its value.
 *
 * <p>It is here to be compared with: {@link StateDependentEventDrivenSampler} has the same law and
 * asks less.
 *
 * <p>A mask left over after the last step, as a schedule with alpha below 1 at t = 0 leaves some,
 * becomes the likeliest token at t = 0 (the lowest id on ties).
 *
 * <p>One uniform number of {@link Purpose#TOKEN} for each mask and step decides both whether it is
 * revealed and what it becomes.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (11) with the prediction in place of x_0, as
 * appendix I.2 writes it.
 *
 * <p>Deviation: the reference code (google-deepmind/md4, commit b9fbf29) has no sampler for GenMD4.
 * A sampler known elsewhere reveals every mask with one probability, the mean of r_v over the
 * vocabulary, which is biased: r_v must be weighted by the prediction.
 *
 * @param schedule the alpha of each token value the network was trained with
 * @param filter applied to the logits of a position before its token is drawn
 * @param grid the times of the T steps
 */
public record StateDependentStepwiseSampler(
    StateDependentSchedule schedule, LogitFilter filter, TimeGrid grid) implements ReverseSampler {
  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    UnmaskProbabilities steps = UnmaskProbabilities.of(schedule, grid, request);
    SamplingRun run = new SamplingRun(filter, denoiser, request, listener);
    for (int i = 0; i < grid.steps(); i++) {
      double[] unmask = steps.at(i);
      run.moveAllTo(i + 1, grid.time(i));
      if (run.ask(
          run.rows().positions(run.rows()::maskedPositions),
          (position, at) -> run.revealAccepted(position, at, unmask))) {
        run.endRound();
      }
    }
    run.fillLeftOver(grid.steps() + 1);
    return run.result();
  }
}
