package org.md4j.sampling;

import java.util.Arrays;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The sampler to start with for GenMD4: the law of {@link StateDependentStepwiseSampler} exactly,
 * with the network asked only where something may happen.
 *
 * <p>When a token is revealed depends on the network, so it cannot be drawn beforehand as {@link
 * EventDrivenSampler} does. But no value is revealed with more than the largest probability of its
 * step, and the steps in which a position is a candidate for being revealed can be drawn without
 * the network (thinning):
 *
 * <pre>
 *   in a step from t to s, each masked position by itself, r_v as in {@link StateDependentStepwiseSampler}
 *     is a candidate             with probability max over v of r_v
 *     a candidate becomes v      with probability mu(x_t, t)[v] r_v / max r
 *     and stays masked           otherwise
 * </pre>
 *
 * <p>The next candidate step of a position is drawn at once by inverting the distribution of the
 * number of steps until then, and drawn anew from there if the position stays masked. The network
 * is asked only about rows and steps with candidates, its head only at them: with one power for all
 * values as seldom as {@link EventDrivenSampler}, with very different ones up to as often as the
 * stepwise sampler, at most T times a row, plus once if masks are left over. Rows do not depend on
 * each other, so the k-th event of every row is asked about in one call, each row at its own time.
 *
 * <p>A mask left over after the last step becomes the likeliest token at t = 0 (the lowest id on
 * ties).
 *
 * <p>A uniform number of {@link Purpose#UNMASK}, of the step after which the search begins, decides
 * when a position is a candidate; one of {@link Purpose#TOKEN}, of the candidate's step, whether it
 * is revealed and what it becomes. A call first evaluates the schedule for every value and step.
 *
 * <p>Source: the law is that of MD4, arXiv 2406.04329v4, equation (11) with the prediction in place
 * of x_0; thinning is Lewis and Shedler's, "Simulation of nonhomogeneous Poisson processes by
 * thinning", 1979, here in discrete time.
 *
 * <p>Deviation: the reference code (google-deepmind/md4, commit b9fbf29) has no sampler for GenMD4.
 *
 * @param schedule the alpha of each token value the network was trained with
 * @param filter applied to the logits of a position before its token is drawn
 * @param grid the times of the T steps
 */
public record StateDependentEventDrivenSampler(
    StateDependentSchedule schedule, LogitFilter filter, TimeGrid grid) implements ReverseSampler {
  private static final int[] NONE = {};

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    UnmaskProbabilities steps = UnmaskProbabilities.of(schedule, grid, request);
    SamplingRun run = new SamplingRun(filter, denoiser, request, listener);
    UnfinishedRows rows = run.rows();
    CandidateSteps candidates = new CandidateSteps(steps);
    int[] candidate = new int[rows.count() * rows.length()];
    for (int position : rows.positions(rows::maskedPositions)) {
      candidate[position] = candidates.next(run, position, 0);
    }
    run.rounds(
        row -> {
          int[] masked = rows.maskedPositions(row);
          int step = Arrays.stream(masked).map(i -> candidate[i]).min().orElse(grid.steps());
          if (step == grid.steps()) {
            return NONE;
          }
          run.moveTo(row, step + 1, grid.time(step));
          return Arrays.stream(masked).filter(i -> candidate[i] == step).toArray();
        },
        (position, at) -> {
          int step = run.step(rows.row(position));
          if (!run.revealAccepted(position, at, steps.relativeAt(step - 1))) {
            candidate[position] = candidates.next(run, position, step);
          }
        });
    run.fillLeftOver(grid.steps() + 1);
    return run.result();
  }
}
