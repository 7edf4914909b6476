package org.md4j.train;

/**
 * Settings of a run's evaluations: their times and their rows.
 *
 * @param every steps between evaluations; 0 for one at the end only
 * @param rows validation rows an evaluation uses, from the first on; 0 for all
 */
public record EvaluationConfig(int every, int rows) {
  /** Checks both ranges. */
  public EvaluationConfig {
    Settings.requireAtLeast("evaluation.every", every, 0);
    Settings.requireAtLeast("evaluation.rows", rows, 0);
  }

  /** A builder of one evaluation at the end, on all rows. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return builder().every(every).rows(rows);
  }

  /** Sets when a run is evaluated, by name. */
  public static final class Builder {
    private int every;
    private int rows;

    private Builder() {}

    /** Sets the steps between evaluations; by default 0, one at the end only. */
    public Builder every(int every) {
      this.every = every;
      return this;
    }

    /** Sets the validation rows an evaluation uses; by default 0, all. */
    public Builder rows(int rows) {
      this.rows = rows;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public EvaluationConfig build() {
      return new EvaluationConfig(every, rows);
    }
  }
}
