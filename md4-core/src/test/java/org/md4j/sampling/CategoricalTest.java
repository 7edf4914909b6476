package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.golden.GoldenVectors;

class CategoricalTest {
  private static final double LATTICE = 0x1.0p-53;

  /** The widths of the intervals are multiples of the lattice's spacing: rounding, no more. */
  private static final double WIDTH = 1e-6;

  @Test
  void drawsInvertTheCumulativeDistribution() {
    double[] probabilities = {0.1, 0.2, 0.3, 0.4};
    double[] logits = Arrays.stream(probabilities).map(p -> Math.log(p) + 5).toArray();
    double[] from = {0, 0.1, 0.3, 0.6, 1};

    for (int v = 0; v < 4; v++) {
      assertThat(of(logits, 0, 4).draw(from[v] + 1e-9)).isEqualTo(v);
      assertThat(of(logits, 0, 4).draw(from[v + 1] - 1e-9)).isEqualTo(v);
    }
    assertThat(of(logits, 0, 4).draw(0)).isZero();
    assertThat(of(logits, 0, 4).draw(1 - LATTICE)).isEqualTo(3);
  }

  /**
   * {@code precision/gumbel_truncation}: with 53 bits a token of probability 3e-9 is still drawn as
   * often as it should be.
   */
  @Test
  void unlikelyTokensAreDrawnAsOftenAsTheGoldenRatioOf53BitsSays() {
    String id = "precision/gumbel_truncation";
    for (JsonNode expected : GoldenVectors.expected(id)) {
      if (expected.get("uniform_bits").intValue() == 53) {
        double p = expected.get("p").doubleValue();
        double[] logits = {Math.log((1 - p) / 2), Math.log(p), Math.log((1 - p) / 2)};
        double width = firstDrawing(2, logits) - firstDrawing(1, logits);
        assertThat(width / p)
            .as("share of draws over probability %s", p)
            .isCloseTo(expected.get("effective_over_true").doubleValue(), within(WIDTH));
      }
    }
  }

  /** The least uniform number, of those with 53 bits, that draws token v or a later one. */
  private static double firstDrawing(int v, double[] logits) {
    long low = 0;
    long high = 1L << 53;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (of(logits, 0, logits.length).draw(middle * LATTICE) >= v) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low * LATTICE;
  }

  @Test
  void readsTheRowThatBeginsWhereItIsTold() {
    double[] logits = {9, 9, 0, 50, 0, 9};

    assertThat(of(logits, 2, 3).draw(0.5)).isEqualTo(1);
    assertThat(of(logits, 2, 3).argmax()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.5, 0.999, 1 - LATTICE})
  void tokensWithoutProbabilityAreNeverDrawn(double u) {
    double[] logits = {Double.NEGATIVE_INFINITY, 1e3, -1e3, 1e3, -1e3, Double.NEGATIVE_INFINITY};

    assertThat(of(logits, 0, 6).draw(u)).isIn(1, 3);
  }

  @Test
  void argmaxTakesTheLowestIdOnTies() {
    assertThat(of(new double[] {-3, 2, 2, 1}, 0, 4).argmax()).isEqualTo(1);
    assertThat(of(new double[] {-3, -3}, 0, 2).argmax()).isZero();
    assertThat(of(new double[] {-5, -4, -3}, 0, 3).argmax()).isEqualTo(2);
  }

  @Test
  void massIsTheSoftmaxWhateverTheScale() {
    double[] logits = {1000, 1001};
    double first = 1 / (1 + Math.E);

    assertThat(firstDrawing(1, logits)).isCloseTo(first, within(Tolerance.EXACT_DOUBLE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void rejectsLogitsThatAreNotFinite(double bad) {
    double[] logits = {0, bad, 0};

    assertThatThrownBy(() -> of(logits, 0, 3).draw(0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("logit (" + bad + ") of token 1 must be finite; has training diverged?");
  }

  @Test
  void rejectsLogitsThatAllowNoToken() {
    double[] logits = {0, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY, 0};
    String message =
        "logits of a position must hold at least one finite number, got -Infinity for all 2 tokens;"
            + " has training diverged?";

    assertThatThrownBy(() -> of(logits, 1, 2).argmax())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> of(logits, 1, 2).draw(0.5)).hasMessage(message);
    assertThat(of(logits, 1, 3).argmax()).isEqualTo(2);
  }

  @Test
  void probabilityEntropyAndMarginAreThoseOfTheSoftmax() {
    double[] probabilities = {0.1, 0.2, 0.3, 0.4};
    double[] logits = new double[5];
    double entropy = 0;
    for (int v = 0; v < 4; v++) {
      logits[v] = Math.log(probabilities[v]) - 700;
      entropy -= probabilities[v] * Math.log(probabilities[v]);
    }
    logits[4] = Double.NEGATIVE_INFINITY;
    Categorical law = of(logits, 0, 5);

    for (int v = 0; v < 4; v++) {
      assertThat(law.probability(v)).isCloseTo(probabilities[v], within(Tolerance.EXACT_DOUBLE));
    }
    assertThat(law.probability(4)).isZero();
    assertThat(law.entropy()).isCloseTo(entropy, within(Tolerance.EXACT_DOUBLE));
    assertThat(law.margin()).isCloseTo(0.1, within(Tolerance.EXACT_DOUBLE));
    assertThat(of(new double[] {1, 1, 0}, 0, 3).margin()).isZero();
    assertThat(of(new double[] {7}, 0, 1).margin()).isEqualTo(1.0);
  }

  private static Categorical of(double[] logits, int from, int size) {
    Categorical law = new Categorical(size);
    law.set(logits, from);
    return law;
  }
}
