package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.contract.LogitFilterContract;
import org.md4j.golden.GoldenVectors;

class LogitFilterTest extends LogitFilterContract {
  private static final double OUT = Double.NEGATIVE_INFINITY;

  /** {@code sampling/top_p}. */
  @Test
  void topPKeepsTheGoldenTokens() {
    String id = "sampling/top_p";
    double[] probabilities =
        StreamSupport.stream(GoldenVectors.inputs(id).get("probs").spliterator(), false)
            .mapToDouble(JsonNode::doubleValue)
            .toArray();
    GoldenVectors.expected(id)
        .fields()
        .forEachRemaining(
            entry -> {
              double[] logits = logs(probabilities);
              LogitFilter.topP(Double.parseDouble(entry.getKey())).apply(logits, logits.length);

              for (int v = 0; v < logits.length; v++) {
                assertThat(logits[v] > OUT)
                    .as("p = %s keeps token %s", entry.getKey(), v)
                    .isEqualTo(entry.getValue().get(v).booleanValue());
              }
            });
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, 1e-300, 1e-13, 1e-12, 1e-11})
  void theSmallestNucleusIsTheLikeliestToken(double p) {
    double[] logits = {0, 2, -1, 1};

    LogitFilter.topP(p).apply(logits, 4);

    assertThat(logits)
        .containsExactly(
            Double.NEGATIVE_INFINITY, 2, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  @Test
  void aNucleusOfAllKeepsTheUnlikeliestToken() {
    double[] logits = {0, -40, -700, -800};

    LogitFilter.topP(1).apply(logits, 4);

    assertThat(logits).containsExactly(0, -40, -700, -800);
  }

  @Test
  void whatIsKeptKeepsItsLogit() {
    assertThat(filtered(LogitFilter.topP(0.7), 3, 1, 2, -5)).containsExactly(3, OUT, 2, OUT);
    assertThat(filtered(LogitFilter.topK(3), 3, 1, 2, -5)).containsExactly(3, 1, 2, OUT);
  }

  @Test
  void tiesAtTheEdgeAreAllKept() {
    assertThat(filtered(LogitFilter.topK(2), 0, 5, 0, -1)).containsExactly(0, 5, 0, OUT);
    assertThat(filtered(LogitFilter.topK(1), 2, 2, 2, 2)).containsExactly(2, 2, 2, 2);
    assertThat(filtered(LogitFilter.topP(0.1), 1, 1, 0, 1)).containsExactly(1, 1, OUT, 1);
  }

  @Test
  void tokensThatCannotBeAreNoneOfTheLikeliest() {
    assertThat(filtered(LogitFilter.topK(3), OUT, 1, OUT, 0)).containsExactly(OUT, 1, OUT, 0);
    assertThat(filtered(LogitFilter.topP(1), OUT, 1, OUT, 0)).containsExactly(OUT, 1, OUT, 0);
    assertThat(filtered(LogitFilter.temperature(0.5), OUT, 1, 0)).containsExactly(OUT, 2, 0);
  }

  @Test
  void temperatureRaisesProbabilitiesToItsInverse() {
    double[] logits = logs(0.1, 0.2, 0.7);

    assertThat(share(filtered(LogitFilter.temperature(0.5), logits), 1))
        .isCloseTo(0.04 / (0.01 + 0.04 + 0.49), within(Tolerance.EXACT_DOUBLE));
    assertThat(filtered(LogitFilter.temperature(1), logits)).isEqualTo(logits);
  }

  @Test
  void filtersComposeInTheOrderWritten() {
    double[] logits = logs(0.4, 0.3, 0.2, 0.1);
    // Sharpened first, 0.64 of the mass is on two tokens no longer: 16/30 and 9/30.
    LogitFilter sharper = LogitFilter.temperature(0.5);

    assertThat(kept(sharper.andThen(LogitFilter.topP(0.75)), logits)).isEqualTo(2);
    assertThat(kept(LogitFilter.topP(0.75).andThen(sharper), logits)).isEqualTo(3);
    assertThat(kept(LogitFilter.topK(3).andThen(sharper).andThen(LogitFilter.topP(0.5)), logits))
        .isEqualTo(1);
  }

  @Test
  void aChainLeavesAloneWhatIsBeyondTheRow() {
    double[] logits = {1, 2, 3, 99, 0};

    LogitFilter.topK(2).andThen(LogitFilter.temperature(0.5)).apply(logits, 3);

    assertThat(logits).containsExactly(OUT, 4, 6, 99, 0);
  }

  @Override
  protected Stream<LogitFilter> filters() {
    return Stream.of(
        LogitFilter.none(),
        LogitFilter.temperature(1e-3),
        LogitFilter.temperature(100),
        LogitFilter.topK(1),
        LogitFilter.topK(4),
        LogitFilter.topK(1000),
        LogitFilter.topP(1e-9),
        LogitFilter.topP(LogitFilter.REFERENCE_TOP_P),
        LogitFilter.topP(1),
        LogitFilter.topK(2).andThen(LogitFilter.topP(0.1)).andThen(LogitFilter.temperature(3)));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void theLikeliestTokenAlwaysStaysTheLikeliest(LogitFilter filter) {
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      double[] logits = random.doubles(1 + i % 9).map(u -> 60 * (u - 0.5)).toArray();
      int likeliest = argmax(logits);

      double[] after = filtered(filter, logits);

      assertThat(argmax(after)).isEqualTo(likeliest);
      assertThat(after[likeliest]).isGreaterThan(OUT);
    }
  }

  @Test
  void aNucleusOfAllLosesNothing() {
    // Masses whose sum rounds to less than itself in another order.
    double[] logits = new Random(3).doubles(500).map(Math::log).toArray();

    assertThat(kept(LogitFilter.topP(1), logits)).isEqualTo(500);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void rejectsATemperatureThatIsNone(double temperature) {
    assertThatThrownBy(() -> LogitFilter.temperature(temperature))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("temperature (" + temperature + ") must be positive and finite");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.1, 1.1, Double.NaN})
  void rejectsANucleusWithoutMass(double p) {
    assertThatThrownBy(() -> LogitFilter.topP(p))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("p (" + p + ") must be in (0, 1]");
  }

  @Test
  void rejectsToKeepNothing() {
    assertThatThrownBy(() -> LogitFilter.topK(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("k (0) must be at least 1");
  }

  private static double[] filtered(LogitFilter filter, double... logits) {
    double[] after = logits.clone();
    filter.apply(after, after.length);
    return after;
  }

  private static long kept(LogitFilter filter, double... logits) {
    return Arrays.stream(filtered(filter, logits)).filter(logit -> logit > OUT).count();
  }

  private static double share(double[] logits, int token) {
    return Math.exp(logits[token]) / Arrays.stream(logits).map(Math::exp).sum();
  }

  private static int argmax(double[] logits) {
    int best = 0;
    for (int v = 1; v < logits.length; v++) {
      best = logits[v] > logits[best] ? v : best;
    }
    return best;
  }

  private static double[] logs(double... probabilities) {
    return Arrays.stream(probabilities).map(Math::log).toArray();
  }
}
