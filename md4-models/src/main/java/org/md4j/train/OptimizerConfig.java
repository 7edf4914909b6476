package org.md4j.train;

import java.util.Objects;

/**
 * Settings of the update of parameters: AdamW (Loshchilov and Hutter, "Decoupled weight decay
 * regularization", ICLR 2019) of all of them or, where {@link MuonConfig Muon} is asked for, of all
 * but the network's matrices; with a warm-up and a shape of the rate, clipping and an average.
 *
 * <p>The defaults are the reference code's betas, epsilon and half cosine (b9fbf29), and nothing
 * else that one does not ask for: no warm-up, decay, clipping, averaging or Muon.
 *
 * @param learningRate the largest learning rate of AdamW, above 0
 * @param warmupSteps steps until it is reached, at least 0
 * @param rateShape how the learning rates, Muon's too, fall after the warm-up
 * @param cooldownShare share of all steps, in (0, 1], in which the rate falls in shape {@link
 *     RateShape#WARMUP_STABLE_DECAY}; without effect on the other shapes
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of their squares, in [0, 1)
 * @param epsilon term that keeps the division finite, above 0; gradients are of bits per token
 * @param weightDecay decay of all parameters, in parts of the learning rate that each is updated
 *     with, at least 0
 * @param clipNorm gradients of a larger global norm, over all parameters, are scaled down to it; 0
 *     for no clipping
 * @param emaRate share of the old average in the new, in [0, 1); 0 averages nothing
 * @param mostSkips steps in a row, of a loss or gradient that is not finite, whose updates are left
 *     out before the run ends; 0 ends it at the first
 * @param muon settings of Muon, which updates the network's matrices in place of AdamW if enabled
 */
public record OptimizerConfig(
    double learningRate,
    int warmupSteps,
    RateShape rateShape,
    double cooldownShare,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clipNorm,
    double emaRate,
    int mostSkips,
    MuonConfig muon) {
  /** The share of a run in which {@link RateShape#WARMUP_STABLE_DECAY} falls by default. */
  public static final double DEFAULT_COOLDOWN_SHARE = 0.2;

  private static final int DEFAULT_MOST_SKIPS = 10;

  /** Checks every range. */
  public OptimizerConfig {
    Settings.requirePositive("learningRate", learningRate);
    Settings.requireAtLeast("warmupSteps", warmupSteps, 0);
    Objects.requireNonNull(rateShape, "rateShape");
    Settings.requireShare("cooldownShare", cooldownShare);
    Settings.requireRate("beta1", beta1);
    Settings.requireRate("beta2", beta2);
    Settings.requirePositive("epsilon", epsilon);
    Settings.requireNotNegative("weightDecay", weightDecay);
    Settings.requireNotNegative("clipNorm", clipNorm);
    Settings.requireRate("emaRate", emaRate);
    Settings.requireAtLeast("mostSkips", mostSkips, 0);
    Objects.requireNonNull(muon, "muon");
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

  /**
   * The learning rate by step.
   *
   * @param largest the largest rate, in place of AdamW's
   * @param totalSteps the steps of the run
   */
  LearningRateSchedule schedule(double largest, int totalSteps) {
    return new LearningRateSchedule(largest, warmupSteps, totalSteps, rateShape, cooldownShare);
  }

  /** Sets how parameters are updated, by name. */
  public static final class Builder {
    private double learningRate;
    private int warmupSteps;
    private RateShape rateShape = RateShape.COSINE;
    private double cooldownShare = DEFAULT_COOLDOWN_SHARE;
    private double beta1 = 0.9;
    private double beta2 = 0.999;
    private double epsilon = 1e-8;
    private double weightDecay;
    private double clipNorm;
    private double emaRate;
    private int mostSkips = DEFAULT_MOST_SKIPS;
    private MuonConfig muon = MuonConfig.off();

    private Builder(double learningRate) {
      this.learningRate = learningRate;
    }

    private Builder(OptimizerConfig config) {
      learningRate = config.learningRate;
      warmupSteps = config.warmupSteps;
      rateShape = config.rateShape;
      cooldownShare = config.cooldownShare;
      beta1 = config.beta1;
      beta2 = config.beta2;
      epsilon = config.epsilon;
      weightDecay = config.weightDecay;
      clipNorm = config.clipNorm;
      emaRate = config.emaRate;
      mostSkips = config.mostSkips;
      muon = config.muon;
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

    /** Sets how the learning rates fall after the warm-up; by default half a cosine. */
    public Builder rateShape(RateShape rateShape) {
      this.rateShape = rateShape;
      return this;
    }

    /**
     * Sets the share of all steps, in (0, 1], in which the rate falls in shape {@link
     * RateShape#WARMUP_STABLE_DECAY}; by default 0.2.
     */
    public Builder cooldownShare(double cooldownShare) {
      this.cooldownShare = cooldownShare;
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
     * Sets the number of steps in a row, of a loss or gradient that is not finite, whose updates
     * are left out before the run ends; by default 10.
     */
    public Builder mostSkips(int mostSkips) {
      this.mostSkips = mostSkips;
      return this;
    }

    /** Sets how the network's matrices are updated; by default as all else is, without Muon. */
    public Builder muon(MuonConfig muon) {
      this.muon = muon;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public OptimizerConfig build() {
      return new OptimizerConfig(
          learningRate,
          warmupSteps,
          rateShape,
          cooldownShare,
          beta1,
          beta2,
          epsilon,
          weightDecay,
          clipNorm,
          emaRate,
          mostSkips,
          muon);
    }
  }
}
