package org.md4j.train;

/**
 * Settings of a run's checkpoints: when they are written, besides at the end and after an
 * evaluation better than all before it, and how many are kept.
 *
 * @param every steps between checkpoints; 0 for no such rule
 * @param minutes minutes of work after which a checkpoint is written, by the clock, which changes
 *     no number of a run; 0 for no such rule
 * @param keep latest checkpoints that are kept, at least 1; the best by validation is kept besides
 */
public record CheckpointConfig(int every, double minutes, int keep) {
  private static final double DEFAULT_MINUTES = 10;
  private static final int DEFAULT_KEEP = 2;

  /** Checks every range. */
  public CheckpointConfig {
    Settings.requireAtLeast("checkpoints.every", every, 0);
    if (!(minutes >= 0 && minutes < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "checkpoints.minutes (" + minutes + ") must be finite and at least 0");
    }
    Settings.requireAtLeast("checkpoints.keep", keep, 1);
  }

  /** A builder of a checkpoint every 10 minutes, two of which are kept. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return builder().every(every).minutes(minutes).keep(keep);
  }

  /** Sets when checkpoints are written and how many are kept, by name. */
  public static final class Builder {
    private int every;
    private double minutes = DEFAULT_MINUTES;
    private int keep = DEFAULT_KEEP;

    private Builder() {}

    /** Sets the steps between checkpoints; by default 0, no such rule. */
    public Builder every(int every) {
      this.every = every;
      return this;
    }

    /** Sets the minutes of work after which a checkpoint is written; 0 for no such rule. */
    public Builder minutes(double minutes) {
      this.minutes = minutes;
      return this;
    }

    /** Sets the number of latest checkpoints that are kept, at least 1; by default 2. */
    public Builder keep(int keep) {
      this.keep = keep;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public CheckpointConfig build() {
      return new CheckpointConfig(every, minutes, keep);
    }
  }
}
