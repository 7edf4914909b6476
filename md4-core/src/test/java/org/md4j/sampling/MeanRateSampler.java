package org.md4j.sampling;

import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The counter-example: a sampler for state-dependent schedules that has been published and is
 * wrong. It reveals every mask with one probability, the mean of r_v over the vocabulary, and draws
 * the token from the prediction as it is.
 */
record MeanRateSampler(StateDependentSchedule schedule, TimeGrid grid) implements ReverseSampler {
  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(LogitFilter.none(), denoiser, request, listener);
    for (int i = 0; i < grid.steps(); i++) {
      int step = i + 1;
      double t = grid.time(i);
      double s = grid.time(step);
      double unmask =
          IntStream.range(0, schedule.vocabulary().size())
              .mapToDouble(v -> schedule.unmaskProbability(s, t, v))
              .average()
              .orElseThrow();
      run.moveAllTo(step, t);
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
