package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;

class RevealOrderTest {
  @Test
  void scoresAreThoseOfTheirDefinitions() {
    double[] probabilities = {0.1, 0.2, 0.3, 0.4};
    double[] logits = Arrays.stream(probabilities).map(p -> Math.log(p) + 3).toArray();
    double entropy = -Arrays.stream(probabilities).map(p -> p * Math.log(p)).sum();

    assertThat(RevealOrder.CONFIDENCE.score(logits)).isCloseTo(0.4, within(Tolerance.EXACT_DOUBLE));
    assertThat(RevealOrder.MARGIN.score(logits)).isCloseTo(0.1, within(Tolerance.EXACT_DOUBLE));
    assertThat(RevealOrder.ENTROPY.score(logits))
        .isCloseTo(-entropy, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void aCertainPredictionHasTheGreatestScoreThereIs() {
    double[] logits = {0, Double.NEGATIVE_INFINITY, -1000};

    assertThat(RevealOrder.CONFIDENCE.score(logits)).isEqualTo(1.0);
    assertThat(RevealOrder.MARGIN.score(logits)).isEqualTo(1.0);
    assertThat(RevealOrder.ENTROPY.score(logits)).isZero();
  }
}
