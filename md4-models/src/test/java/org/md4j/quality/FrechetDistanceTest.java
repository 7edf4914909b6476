package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FrechetDistanceTest {
  /** Rounding of small eigenproblems in double, on distances of order one. */
  private static final double ROUNDING = 1e-11;

  /** The root of a singular product is good to half of a double's digits in scipy. */
  private static final double SCIPY_SINGULAR = 1e-5;

  private static final FeatureProvenance HERE = new FeatureProvenance("made up", "test", null);

  static Stream<JsonNode> cases() throws IOException {
    try (InputStream in =
        FrechetDistanceTest.class.getResourceAsStream("/golden/frechet_scipy.json")) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      return StreamSupport.stream(cases.spliterator(), false);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isWhatScipyAndFortyDigitsSay(JsonNode example) {
    FeatureStatistics first = statistics(example.get("first"));
    FeatureStatistics second = statistics(example.get("second"));

    double distance = FrechetDistance.between(first, second);

    assertThat(distance).isCloseTo(example.get("mpmath").doubleValue(), within(ROUNDING));
    assertThat(distance).isCloseTo(example.get("scipy").doubleValue(), within(SCIPY_SINGULAR));
    assertThat(FrechetDistance.between(second, first)).isCloseTo(distance, within(ROUNDING));
  }

  @Test
  void ofIndependentFeaturesIsTheSumOfTheirOwnDistances() {
    FeatureStatistics first = normal(new double[] {1, 2, 3}, new double[] {4, 9, 0});
    FeatureStatistics second = normal(new double[] {0, 2, 5}, new double[] {1, 0, 0});

    // (m1 - m2)² + (sd1 - sd2)² a feature: 1 + 1, 0 + 9, 4 + 0.
    assertThat(FrechetDistance.between(first, second)).isCloseTo(15, within(ROUNDING));
  }

  @Test
  void ofOneLawToItselfIsZeroEvenIfSingular() {
    FeatureStatistics one = normal(new double[] {1, 2, 3}, new double[] {4, 9, 0});

    assertThat(FrechetDistance.between(one, one)).isCloseTo(0, within(ROUNDING));
  }

  @Test
  void ofRotatedLawsIsTheClosedFormOfTwoDimensions() {
    FeatureStatistics first =
        new FeatureStatistics(
            HERE, 10, Nd4j.create(new double[2]), Nd4j.create(new double[][] {{2, 1}, {1, 2}}));
    FeatureStatistics second = normal(new double[2], new double[] {1, 4});

    // tr sqrt(M) = sqrt(tr M + 2 sqrt(det M)) of 2 x 2 matrices; M = S1 S2: trace 10, det 12.
    double root = Math.sqrt(10 + 2 * Math.sqrt(12));
    assertThat(FrechetDistance.between(first, second)).isCloseTo(9 - 2 * root, within(ROUNDING));
  }

  @Test
  void rejectsOtherFeaturesAndWhatIsNoCovariance() {
    FeatureStatistics one = normal(new double[] {0, 0}, new double[] {1, 1});
    FeatureStatistics other =
        new FeatureStatistics(
            new FeatureProvenance("other", "test", null), 9, one.mean(), one.covariance());
    FeatureStatistics indefinite = normal(new double[] {0, 0}, new double[] {1, -1});

    assertThatThrownBy(() -> FrechetDistance.between(one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "second must have the features of first, made up of width 2, got other of width 2");
    assertThatThrownBy(() -> FrechetDistance.between(one, indefinite))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be symmetric and positive semi-definite");
  }

  private static FeatureStatistics normal(double[] mean, double[] variances) {
    return new FeatureStatistics(
        HERE, 10, Nd4j.createFromArray(mean), Nd4j.diag(Nd4j.createFromArray(variances)));
  }

  private static FeatureStatistics statistics(JsonNode rows) {
    double[][] values = new ObjectMapper().convertValue(rows, double[][].class);
    INDArray features = Nd4j.createFromArray(values);
    FeatureAccumulator accumulator = new FeatureAccumulator(values[0].length);
    accumulator.add(features);
    return accumulator.statistics(HERE);
  }
}
