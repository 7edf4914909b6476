package org.md4j.train;

/**
 * Settings of the update of parameters: AdamW (Loshchilov and Hutter, "Decoupled weight decay
 * regularization", ICLR 2019) with warm-up and a half cosine, clipping and an average.
 *
 * <p>The defaults are the reference code's betas and epsilon (b9fbf29), and nothing else that one
 * does not ask for: no warm-up, decay, clipping or averaging.
 *
 * @param learningRate the largest learning rate, above 0
 * @param warmupSteps steps until it is reached, at least 0
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of their squares, in [0, 1)
 * @param epsilon term that keeps the division finite, above 0; gradients are of bits per token
 * @param weightDecay decay of all parameters, at least 0
 * @param clipNorm gradients of a larger global norm are scaled down to it; 0 for no clipping
 * @param emaRate share of the old average in the new, in [0, 1); 0 averages nothing
 */
public record OptimizerConfig(
    double learningRate,
    int warmupSteps,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clipNorm,
    double emaRate) {
  /** Checks every range. */
  public OptimizerConfig {
    Settings.requirePositive("learningRate", learningRate);
    Settings.requireAtLeast("warmupSteps", warmupSteps, 0);
    Settings.requireRate("beta1", beta1);
    Settings.requireRate("beta2", beta2);
    Settings.requirePositive("epsilon", epsilon);
    Settings.requireNotNegative("weightDecay", weightDecay);
    Settings.requireNotNegative("clipNorm", clipNorm);
    Settings.requireRate("emaRate", emaRate);
  }

  /**
   * A builder of plain AdamW.
   *
   * @param learningRate the largest learning rate, above 0
   */
  public static Builder builder(double learningRate) {
    return new Builder(learningRate);
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Sets how parameters are updated, by name. */
  public static final class Builder {
    private double learningRate;
    private int warmupSteps;
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;
    private double weightDecay;
    private double clipNorm;
    private double emaRate;

    private Builder(double learningRate) {
      this.learningRate = learningRate;
    }

    private Builder(OptimizerConfig config) {
      learningRate = config.learningRate;
      warmupSteps = config.warmupSteps;
      beta1 = config.beta1;
      beta2 = config.beta2;
      epsilon = config.epsilon;
      weightDecay = config.weightDecay;
      clipNorm = config.clipNorm;
      emaRate = config.emaRate;
    }

    /** Sets the largest learning rate, above 0. */
    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    /** Sets the steps until the learning rate is reached, at least 0; by default 0. */
    public Builder warmupSteps(int warmupSteps) {
      this.warmupSteps = warmupSteps;
      return this;
    }

    /** Sets the decay of the mean of gradients, in [0, 1); by default 0.9. */
    public Builder beta1(double beta1) {
      this.beta1 = beta1;
      return this;
    }

    /** Sets the decay of the mean of their squares, in [0, 1); by default 0.999. */
    public Builder beta2(double beta2) {
      this.beta2 = beta2;
      return this;
    }

    /** Sets the term that keeps the division finite, above 0; by default 1e-8. */
    public Builder epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /** Sets the decay of all parameters, at least 0; by default 0. */
    public Builder weightDecay(double weightDecay) {
      this.weightDecay = weightDecay;
      return this;
    }

    /** Sets the largest norm of a gradient; by default 0, no clipping. */
    public Builder clipNorm(double clipNorm) {
      this.clipNorm = clipNorm;
      return this;
    }

    /** Sets the share of the old average in the new, in [0, 1); by default 0, no averaging. */
    public Builder emaRate(double emaRate) {
      this.emaRate = emaRate;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public OptimizerConfig build() {
      return new OptimizerConfig(
          learningRate, warmupSteps, beta1, beta2, epsilon, weightDecay, clipNorm, emaRate);
    }
  }
}
