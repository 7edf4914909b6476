package org.md4j.cli.option;

import java.util.Locale;
import org.md4j.sampling.TimeGrid;

/** A time grid as it is named on the command line and in tables. */
public enum NamedGrid {
  /** Evenly spaced times. */
  UNIFORM,
  /** Small steps first. */
  COSINE;

  /** The grid of T steps. */
  public TimeGrid of(int steps) {
    return switch (this) {
      case UNIFORM -> TimeGrid.uniform(steps);
      case COSINE -> TimeGrid.cosine(steps);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
