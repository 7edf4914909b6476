package org.md4j.train;

/**
 * Settings of the training of a learned schedule, where it is not trained as the network is. They
 * have no effect on objectives that learn no schedule.
 *
 * <p>Deviation: the reference code (b9fbf29) has no such settings. It decays raw parameters like
 * all others, towards 0, that is every power towards ln 2; here that is off unless asked for.
 *
 * @param learningRateMultiplier learning rate of the schedule in that of the network, above 0
 * @param weightDecay true if the network's weight decay is the schedule's, too
 * @param frozen true if the schedule stays as it is
 */
public record LearnedScheduleConfig(
    double learningRateMultiplier, boolean weightDecay, boolean frozen) {
  /** Rejects a multiplier that is not positive. */
  public LearnedScheduleConfig {
    Settings.requirePositive("learningRateMultiplier", learningRateMultiplier);
  }

  /** A builder that starts from the network's learning rate, no decay, not frozen. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Sets how a schedule is trained, by name. */
  public static final class Builder {
    private double learningRateMultiplier = 1;
    private boolean weightDecay;
    private boolean frozen;

    private Builder() {}

    private Builder(LearnedScheduleConfig config) {
      learningRateMultiplier = config.learningRateMultiplier;
      weightDecay = config.weightDecay;
      frozen = config.frozen;
    }

    /** Sets the schedule's learning rate as a multiple of the network's, above 0; by default 1. */
    public Builder learningRateMultiplier(double learningRateMultiplier) {
      this.learningRateMultiplier = learningRateMultiplier;
      return this;
    }

    /** Sets whether the network's weight decay is the schedule's, too; by default it is not. */
    public Builder weightDecay(boolean weightDecay) {
      this.weightDecay = weightDecay;
      return this;
    }

    /** Sets whether the schedule stays as it starts; by default it is learned. */
    public Builder frozen(boolean frozen) {
      this.frozen = frozen;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public LearnedScheduleConfig build() {
      return new LearnedScheduleConfig(learningRateMultiplier, weightDecay, frozen);
    }
  }
}
