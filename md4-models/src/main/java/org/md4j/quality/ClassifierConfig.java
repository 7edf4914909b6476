package org.md4j.quality;

/**
 * Settings of the training of an {@link ImageClassifier}.
 *
 * @param steps steps of AdamW
 * @param batch images a step
 * @param learningRate the highest learning rate, reached at once and lowered to zero along a half
 *     cosine
 * @param seed seed of initial values, images and rotations
 */
public record ClassifierConfig(int steps, int batch, double learningRate, long seed) {
  /** Checks the ranges. */
  public ClassifierConfig {
    if (steps < 1 || batch < 2) {
      throw new IllegalArgumentException(
          "steps (%d) must be at least 1 and batch (%d) at least 2".formatted(steps, batch));
    }
    if (!(learningRate > 0 && learningRate < 1)) {
      throw new IllegalArgumentException("learningRate (" + learningRate + ") must be in (0, 1)");
    }
  }

  /**
   * A builder of a training of about a minute on two cores for Fashion-MNIST.
   *
   * @param seed seed of initial values, images and rotations
   */
  public static Builder builder(long seed) {
    return new Builder(seed);
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Sets how a classifier is trained, by name. */
  public static final class Builder {
    private int steps = 600;
    private int batch = 64;
    private double learningRate = 2e-3;
    private long seed;

    private Builder(long seed) {
      this.seed = seed;
    }

    private Builder(ClassifierConfig config) {
      steps = config.steps;
      batch = config.batch;
      learningRate = config.learningRate;
      seed = config.seed;
    }

    /** Sets the number of steps of AdamW, at least 1; by default 600. */
    public Builder steps(int steps) {
      this.steps = steps;
      return this;
    }

    /** Sets the number of images a step, at least 2; by default 64. */
    public Builder batch(int batch) {
      this.batch = batch;
      return this;
    }

    /** Sets the highest learning rate, in (0, 1); by default 0.002. */
    public Builder learningRate(double learningRate) {
      this.learningRate = learningRate;
      return this;
    }

    /** Sets the seed of initial values, images and rotations. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ClassifierConfig build() {
      return new ClassifierConfig(steps, batch, learningRate, seed);
    }
  }
}
