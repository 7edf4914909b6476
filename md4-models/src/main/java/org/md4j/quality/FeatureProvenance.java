package org.md4j.quality;

import org.jspecify.annotations.Nullable;

/**
 * The origin of feature vectors.
 *
 * @param features name of the features ({@link ImageFeatures#name}); vectors of different features
 *     must not be compared
 * @param data name of the images, for people
 * @param sha256 SHA-256 of the file behind the images, in hex; null if they were generated
 */
public record FeatureProvenance(String features, String data, @Nullable String sha256) {
  /** Rejects empty names. */
  public FeatureProvenance {
    if (features.isBlank() || data.isBlank()) {
      throw new IllegalArgumentException(
          "features (%s) and data (%s) must be named".formatted(features, data));
    }
  }
}
