package org.md4j.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.md4j.schedule.MaskingSchedule;

/**
 * The number of masks a row is left with after each step of a grid, by rounding the schedule.
 *
 * <pre>
 *   a row of M blanks holds round(M (m(t_i) - m(0)) / (m(1) - m(0))) masks after step i, m = 1 - alpha
 * </pre>
 *
 * <p>All M before the first step, none after the last. A half is rounded up.
 */
final class MasksLeft {
  private static final double ROUNDING = 1e-9;

  private final double[] share; // [T+1], from 1 to 0

  MasksLeft(MaskingSchedule schedule, TimeGrid grid) {
    double end = schedule.oneMinusAlpha(0);
    double range = schedule.oneMinusAlpha(1) - end;
    share = new double[grid.steps() + 1];
    Arrays.setAll(share, i -> (schedule.oneMinusAlpha(grid.time(i)) - end) / range);
  }

  /**
   * The number of masks after a number of steps.
   *
   * @param step in 0..T
   * @param blanks M
   */
  int after(int step, int blanks) {
    // A half is rounded up, also where rounding of the share left it a little less.
    return (int) Math.floor(blanks * share[step] + 0.5 + ROUNDING);
  }

  /**
   * Returns the next step that reveals something.
   *
   * @param step the one the row is at, 0 before the first
   * @param masks the row has now, at least 1
   */
  int nextStep(int step, int blanks, int masks) {
    int next = step;
    while (after(next, blanks) == masks) {
      next++;
    }
    return next;
  }

  /** Returns the number of tokens revealed in each step that reveals any: at least 1, in all M. */
  int[] sizes(int blanks) {
    return IntStream.range(1, share.length)
        .map(step -> after(step - 1, blanks) - after(step, blanks))
        .filter(size -> size > 0)
        .toArray();
  }
}
