package org.md4j.cli.run;

import org.md4j.cli.terminal.CommandException;
import org.md4j.diffusion.Fit;
import org.md4j.schedule.MaskingSchedule;

/** Finds the schedule of a run, for commands that need a common one. */
public final class RunSchedule {
  private RunSchedule() {}

  /**
   * Returns the one schedule all tokens have.
   *
   * @throws CommandException if the run has none
   */
  public static MaskingSchedule common(Fit fit) {
    return fit.objective()
        .commonSchedule()
        .orElseThrow(
            () ->
                new CommandException(
                    "the run must have one masking schedule that all tokens share, as those of"
                        + " md4, sedd and d3pm have, and does not"));
  }
}
