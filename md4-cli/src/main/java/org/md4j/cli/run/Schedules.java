package org.md4j.cli.run;

import org.md4j.cli.terminal.CommandException;
import org.md4j.objective.Elbo;
import org.md4j.objective.ElboVariant;
import org.md4j.objective.Objective;
import org.md4j.schedule.MaskingSchedule;

/** Finds the schedule of a run. */
public final class Schedules {
  private Schedules() {}

  /**
   * The one schedule all symbols have.
   *
   * @throws CommandException if the run has none
   */
  public static MaskingSchedule common(Objective objective) {
    if (objective instanceof Elbo elbo) {
      return elbo.schedule();
    }
    if (objective instanceof ElboVariant variant) {
      return variant.bound().schedule();
    }
    throw new CommandException(
        "the run must have one masking schedule that all tokens share, as those of md4, sedd and"
            + " d3pm have, and does not");
  }
}
