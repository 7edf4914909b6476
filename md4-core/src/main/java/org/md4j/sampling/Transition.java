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
   * Takes all rows through steps, numbered from 1. What happens where does not depend on the
   * network, so it is asked only about positions revealed, and no row waits for another.
   */
  static void follow(Transition[] steps, SamplingRun run) {
    Walk[] walks = new Walk[run.rows().count()];
    Arrays.setAll(walks, row -> new Walk(steps, run, row));
    while (run.ask(run.rows().positions(row -> walks[row].next()), run::revealDrawn)) {
      for (Walk walk : walks) {
        walk.remask();
      }
      run.endRound();
    }
  }

  /** The position of one row on its way through the steps. */
  private static final class Walk {
    private static final int[] NONE = {};

    private final Transition[] steps;
    private final SamplingRun run;
    private final int row;
    private int[] remasks = NONE;

    Walk(Transition[] steps, SamplingRun run, int row) {
      this.steps = steps;
      this.run = run;
      this.row = row;
    }

    /**
     * Goes on to the next step that reveals something and returns the positions, none at the end.
     */
    int[] next() {
      for (int step = run.step(row) + 1; step <= steps.length; step++) {
        Transition now = steps[step - 1];
        run.moveTo(row, step, now.time);
        int[] reveals =
            run.choose(run.rows().maskedPositions(row), Purpose.UNMASK, step, now.unmask);
        remasks = run.choose(run.rows().revealedPositions(row), Purpose.REMASK, step, now.remask);
        if (reveals.length > 0) {
          return reveals;
        }
        remask();
      }
      return NONE;
    }

    /**
     * Ends a step: masks again the tokens it chose. Tokens are masked only now: the network was
     * asked about the row before it.
     */
    void remask() {
      for (int position : remasks) {
        run.remask(position);
      }
      remasks = NONE;
    }
  }
}
