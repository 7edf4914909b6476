package org.md4j.quality;

/**
 * How an {@link ImageClassifier} is trained.
 *
 * @param steps of AdamW
 * @param batch pictures a step
 * @param learningRate the highest, reached at once and lowered to zero along a half cosine
 * @param seed of initial values, pictures and rotations
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

  /** About a minute on two cores for Fashion-MNIST. */
  public static ClassifierConfig usual(long seed) {
    return new ClassifierConfig(600, 64, 2e-3, seed);
  }
}
