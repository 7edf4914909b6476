package org.md4j.train;

import org.md4j.core.RowSource;
import org.md4j.model.TrainableDenoiser;

/**
 * The rows that a run trains on and is evaluated on.
 *
 * @param training rows to draw from
 * @param validation rows evaluated, from the first on
 */
record TrainingData(RowSource training, RowSource validation) {
  /** Rejects rows that do not fit each other, the network or the settings. */
  void requireFit(TrainableDenoiser network, TrainerConfig config) {
    requireSame("training.vocabulary", "the network", network.vocabulary(), training.vocabulary());
    requireSame(
        "validation.vocabulary", "the network", network.vocabulary(), validation.vocabulary());
    requireSame("validation.length", "training", training.length(), validation.length());
    requireSame("training.classes", "the network", network.classes(), training.classes());
    requireSame("validation.classes", "the network", network.classes(), validation.classes());
    if (config.labelDropout() > 0 && training.classes() == 0) {
      throw new IllegalArgumentException(
          "labelDropout ("
              + config.labelDropout()
              + ") must be 0 for training data without classes");
    }
  }

  private static void requireSame(String name, String of, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalArgumentException(
          name + " (" + actual + ") must be that of " + of + ", " + expected);
    }
  }
}
