package org.md4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.md4j.golden.GoldenVectors;

class TimeFeaturesTest {
  @Test
  void featuresAreTheGoldenOnes() {
    JsonNode inputs = GoldenVectors.inputs("net/time_embedding");
    JsonNode expected = GoldenVectors.expected("net/time_embedding");

    double[] features =
        TimeFeatures.of(new double[] {inputs.get("t").doubleValue()}, inputs.get("dim").intValue())[
            0];

    assertThat(features).hasSize(expected.size());
    for (int i = 0; i < features.length; i++) {
      GoldenVectors.assertMatches(
          "net/time_embedding", "feature " + i, features[i], expected.get(i));
    }
  }
}
