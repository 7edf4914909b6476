package org.md4j.sampling;

import java.util.Arrays;
import org.md4j.core.Purpose;

/**
 * One step of a sampler that also masks tokens again: every mask is revealed with one probability,
 * every token of the sampler's own is masked with another, all decided on the row before the step.
 *
 * @param time the sampler's own time, at which the network is asked
 * @param unmask probability of a mask to be revealed
 * @param remask probability of a token to be masked
 */
record Transition(double time, double unmask, double remask) {
  /**
   * Takes rows through steps, number 1 onwards. What happens where does not depend on the network,
   * so it is asked only about the positions revealed; rows do not wait for each other.
   */
  static void follow(Transition[] steps, SamplingRun run) {
    int[] stepOf = new int[run.rows()];
    double[] times = new double[run.rows()];
    int[][] reveals = new int[run.rows()][];
    int[][] remasks = new int[run.rows()][];
    int count;
    do {
      count = 0;
      for (int row = 0; row < run.rows(); row++) {
        reveals[row] = new int[0];
        remasks[row] = new int[0];
        while (reveals[row].length == 0 && stepOf[row] < steps.length) {
          mask(run, remasks[row], stepOf[row], times[row]);
          Transition step = steps[stepOf[row]++];
          times[row] = step.time;
          reveals[row] =
              run.choose(run.maskedPositions(row), Purpose.UNMASK, stepOf[row], step.unmask);
          remasks[row] =
              run.choose(run.revealedPositions(row), Purpose.REMASK, stepOf[row], step.remask);
        }
        count += reveals[row].length;
      }
      run.ask(
          Arrays.stream(reveals).flatMapToInt(Arrays::stream).toArray(),
          times,
          (position, at) -> {
            int row = position / run.length();
            run.revealDrawn(position, at, stepOf[row], times[row]);
          });
      for (int row = 0; row < run.rows(); row++) {
        mask(run, remasks[row], stepOf[row], times[row]);
      }
      if (count > 0) {
        run.endRound();
      }
    } while (count > 0);
  }

  private static void mask(SamplingRun run, int[] positions, int step, double time) {
    for (int position : positions) {
      run.remask(position, step, time);
    }
  }
}
