package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.golden.GoldenVectors;

class InitialiserTest {
  /** The quantile function of commons-math inverts its own distribution function to about 1e-9. */
  private static final double QUANTILE = 1e-8;

  /** Standard deviation of 200,000 draws: a relative error of 1/sqrt(400,000), four times over. */
  private static final double SAMPLED = 0.0064;

  private static final int DRAWS = 200_000;

  @Test
  void truncatedNormalHasTheGoldenDeviationAndCut() {
    for (JsonNode entry : GoldenVectors.expected("init/variance_scaling")) {
      Initialiser initialiser =
          Initialiser.truncatedNormal(
              entry.get("scale").doubleValue(), entry.get("fan_in").longValue());
      double target = entry.get("target_std").doubleValue();
      double cut = entry.get("truncation_abs").doubleValue();

      assertThat(initialiser.value(0, 0)).isCloseTo(-cut, within(QUANTILE));
      assertThat(initialiser.value(Math.nextDown(1.0), 0)).isCloseTo(cut, within(QUANTILE));
      assertThat(deviation(initialiser)).isCloseTo(target, within(SAMPLED * target));
    }
  }

  @Test
  void embeddingHasDeviationOneOverRootWidth() {
    assertThat(deviation(Initialiser.embedding(64))).isCloseTo(0.125, within(SAMPLED * 0.125));
    assertThat(Initialiser.embedding(64).value(0, 0)).isFinite();
  }

  @Test
  void constantsIgnoreTheUniform() {
    assertThat(Initialiser.zeros().value(0.7, 0)).isZero();
    assertThat(Initialiser.ones().value(0.7, 0)).isEqualTo(1);
  }

  private static double deviation(Initialiser initialiser) {
    Uniforms uniforms = new CounterRandom(11).uniforms(Purpose.INITIALISATION, 0);
    StandardDeviation deviation = new StandardDeviation();
    for (int i = 0; i < DRAWS; i++) {
      deviation.increment(initialiser.value(uniforms.at(0, i), 0));
    }
    return deviation.getResult();
  }
}
