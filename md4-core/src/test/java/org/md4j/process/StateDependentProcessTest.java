package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.CHI_SQUARE_LEVEL;
import static org.md4j.Tolerance.EXACT_DOUBLE;
import static org.md4j.Tolerance.FINITE_DIFFERENCE;
import static org.md4j.golden.GoldenVectors.assertMatches;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

class StateDependentProcessTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final LearnedPolynomialSchedule SCHEDULE =
      LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.5, 1, 2);
  private static final StateDependentProcess PROCESS = new StateDependentProcess(SCHEDULE);
  private static final CounterRandom RANDOM = new CounterRandom(41);
  private static final Uniforms MASK = RANDOM.uniforms(Purpose.MASK, 0);
  private static final Uniforms UNMASK = RANDOM.uniforms(Purpose.UNMASK, 0);

  /** Golden vector {@code genmd4/posterior}. */
  @Test
  void posteriorProbabilitiesMatchTheGoldenOnes() {
    String id = "genmd4/posterior";
    StateDependentProcess process = process(GoldenVectors.inputs(id));
    for (JsonNode row : GoldenVectors.expected(id)) {
      double s = row.get("s").doubleValue();
      double t = row.get("t").doubleValue();
      for (int v = 0; v < 3; v++) {
        JsonNode expected = row.get("p_unmask_given_x").get(v);

        assertMatches(id, "unmask probability", process.unmaskProbability(s, t, v), expected);
        assertThat(process.stayMaskedProbability(s, t, v))
            .isCloseTo(1 - expected.doubleValue(), within(EXACT_DOUBLE));
      }
    }
  }

  /** Golden vector {@code genmd4/reverse_step}. */
  @Test
  void reverseStepsMatchTheGoldenOnes() {
    String id = "genmd4/reverse_step";
    StateDependentProcess process = process(GoldenVectors.inputs(id));
    double[] mu = numbers(GoldenVectors.inputs(id).get("mu"));
    for (JsonNode row : GoldenVectors.expected(id)) {
      double s = row.get("s").doubleValue();
      double t = row.get("t").doubleValue();
      double[] law = process.reverse(s, t, mu);

      for (int v = 0; v < 3; v++) {
        assertMatches(id, "token " + v + " of " + row, law[v], row.get("p_tokens").get(v));
      }
      assertMatches(id, "stay of " + row, law[3], row.get("p_stay"));
      assertMatches(id, "total of " + row, Arrays.stream(law).sum(), row.get("total"));
    }
  }

  /** Golden vector {@code sampling/genmd4_single_token_law}. */
  @Test
  void reverseStepsOfTheOptimalPredictionDrawTheDataForEveryNumberOfSteps() {
    String id = "sampling/genmd4_single_token_law";
    StateDependentProcess process =
        new StateDependentProcess(
            LearnedPolynomialSchedule.ofPowers(
                    VOCABULARY, numbers(GoldenVectors.inputs(id).get("w")))
                .withEpsilon(0));
    double[] data = numbers(GoldenVectors.inputs(id).get("p"));
    for (JsonNode row : GoldenVectors.expected(id)) {
      int steps = row.get("T").intValue();
      double[] law = new double[4];
      law[3] = 1;
      for (int i = steps; i > 0; i--) {
        double t = (double) i / steps;
        double[] step = process.reverse((i - 1.0) / steps, t, optimal(process, data, t));
        double masked = law[3];
        for (int v = 0; v < 3; v++) {
          law[v] += masked * step[v];
        }
        law[3] = masked * step[3];
      }

      for (int v = 0; v < 3; v++) {
        assertMatches(id, "token " + v + " of " + row, law[v], row.get("law").get(v));
      }
      assertMatches(id, "still masked of " + row, law[3], row.get("still_masked"));
    }
  }

  /** The data's law of a token that is masked at t, by Bayes' rule. */
  private static double[] optimal(StateDependentProcess process, double[] data, double t) {
    double[] mu = new double[data.length];
    Arrays.setAll(mu, v -> data[v] * process.schedule().oneMinusAlpha(t, v));
    double total = Arrays.stream(mu).sum();
    return Arrays.stream(mu).map(mass -> mass / total).toArray();
  }

  @Test
  void reverseIsThePosteriorForAPredictionThatIsCertain() {
    for (int v = 0; v < 3; v++) {
      double[] certain = new double[3];
      certain[v] = 1;
      double[] expected = new double[4];
      expected[v] = PROCESS.unmaskProbability(0.3, 0.6, v);
      expected[3] = PROCESS.stayMaskedProbability(0.3, 0.6, v);

      assertThat(PROCESS.reverse(0.3, 0.6, certain)).containsExactly(expected);
    }
  }

  @Test
  void survivalIsTheMarginalDividedByTheEarlierMarginal() {
    double[] times = {0, 1e-3, 0.25, 0.5, 0.9, 1};
    for (int v = 0; v < 3; v++) {
      for (int i = 0; i < times.length; i++) {
        for (int j = i; j < times.length; j++) {
          assertThat(
                  PROCESS.survivalProbability(times[i], times[j], v) * SCHEDULE.alpha(times[i], v))
              .isCloseTo(SCHEDULE.alpha(times[j], v), within(EXACT_DOUBLE));
        }
      }
      assertThat(PROCESS.survivalProbability(0.7, 0.7, v)).isEqualTo(1);
    }
  }

  @Test
  void bothRatesAreTheLogProbabilitiesOfAShortStepOverItsLength() {
    double step = 1e-5;
    for (int v = 0; v < 3; v++) {
      for (double t : new double[] {0.1, 0.3, 0.6, 0.9}) {
        double survival = PROCESS.survivalProbability(t - step, t + step, v);
        double stay = PROCESS.stayMaskedProbability(t - step, t + step, v);

        assertThat(PROCESS.maskingRate(t, v) / (-Math.log(survival) / (2 * step)))
            .isCloseTo(1, within(FINITE_DIFFERENCE));
        assertThat(SCHEDULE.weight(t, v) / (-Math.log(stay) / (2 * step)))
            .isCloseTo(1, within(FINITE_DIFFERENCE));
      }
    }
  }

  @Test
  void theMaskingRateIsInfiniteWhereNothingIsVisible() {
    assertThat(new StateDependentProcess(SCHEDULE.withEpsilon(0)).maskingRate(1, 2))
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.3, 0.7, 1})
  void withOnePowerItMasksAsTheForwardProcessDoes(double t) {
    ForwardProcess forward = new ForwardProcess(MaskingSchedule.polynomial(1.7));
    StateDependentProcess process =
        new StateDependentProcess(
            LearnedPolynomialSchedule.ofPowers(VOCABULARY, 1.7).withEpsilon(0));
    double[] times = times(8, t);
    double[] earlier = times(8, t / 3);

    NoisedBatch noised = process.noise(Rows.of(clean(8, 50)).withFirstExample(5), times, MASK);
    NoisedBatch expected = forward.noise(Rows.of(clean(8, 50)).withFirstExample(5), times, MASK);

    assertThat(noised.noisy()).isEqualTo(expected.noisy());
    assertThat(process.posterior(noised, earlier, UNMASK))
        .isEqualTo(forward.posterior(expected, earlier, UNMASK));
  }

  @Test
  void tokensAreKeptWhereTheirUniformIsBelowTheAlphaOfTheirValue() {
    // Without epsilon alpha(0.25) is 0.5, 0.75 and 0.9375.
    double[] uniforms = {0.49, 0.51, 0.74, 0.76, 0.93, 0.94};
    TokenBatch clean = TokenBatch.of(VOCABULARY, new int[] {0, 0, 1, 1, 2, 2});

    NoisedBatch batch =
        new StateDependentProcess(SCHEDULE.withEpsilon(0))
            .noise(
                Rows.of(clean).withFirstExample(7),
                new double[] {0.25},
                (example, index) -> example == 7 ? uniforms[(int) index] : Double.NaN);

    assertThat(batch.noisy()).isEqualTo(TokenBatch.of(VOCABULARY, new int[] {0, 3, 1, 3, 2, 3}));
    assertThat(batch.clean().tokens()).isEqualTo(clean);
    assertThat(batch.times()).containsExactly(0.25);
  }

  @Test
  void posteriorRevealsWhereTheUniformIsBelowTheUnmaskProbabilityOfTheValue() {
    // From 0.4 to 0.1 they are 0.5, 0.75 and 0.9375.
    double[] uniforms = {0.49, 0.51, 0.74, 0.76, 0.93, 0.94, 0};
    TokenBatch clean = TokenBatch.of(VOCABULARY, new int[] {0, 0, 1, 1, 2, 2, 1});
    TokenBatch noisy = TokenBatch.of(VOCABULARY, new int[] {3, 3, 3, 3, 3, 3, 1});

    TokenBatch earlier =
        PROCESS.posterior(
            NoisedBatch.of(Rows.of(clean).withFirstExample(7), noisy, new double[] {0.4}),
            new double[] {0.1},
            (example, index) -> example == 7 ? uniforms[(int) index] : Double.NaN);

    assertThat(earlier).isEqualTo(TokenBatch.of(VOCABULARY, new int[] {0, 3, 1, 3, 2, 3, 1}));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void noisingThenGoingBackHasTheJointLawOfGoingForward(int token) {
    double s = 0.4;
    double t = 0.75;
    int rows = 200;
    int length = 100;
    int[] tokens = new int[rows * length];
    Arrays.fill(tokens, token);
    TokenBatch clean = TokenBatch.ofFlat(VOCABULARY, rows, tokens);
    NoisedBatch late = PROCESS.noise(Rows.of(clean), times(rows, t), MASK);
    TokenBatch early = PROCESS.posterior(late, times(rows, s), UNMASK);

    long[] counts = new long[3];
    for (int i = 0; i < rows * length; i++) {
      counts[early.isMasked(i) ? 2 : late.noisy().isMasked(i) ? 1 : 0]++;
    }
    double kept = SCHEDULE.alpha(s, token) * PROCESS.survivalProbability(s, t, token);
    double cells = rows * length;
    double[] expected = {
      cells * kept,
      cells * (SCHEDULE.alpha(s, token) - kept),
      cells * SCHEDULE.oneMinusAlpha(s, token)
    };
    assertThat(new ChiSquareTest().chiSquareTest(expected, counts)).isGreaterThan(CHI_SQUARE_LEVEL);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void drawsDoNotDependOnHowRowsAreSplitIntoBatches(int rowsAtOnce) {
    int rows = 10;
    TokenBatch clean = clean(rows, 30);
    double[] times = AntitheticTimes.sample(rows, RANDOM.uniforms(Purpose.TIME, 0));
    double[] earlier = Arrays.stream(times).map(t -> t / 2).toArray();
    NoisedBatch whole = PROCESS.noise(Rows.of(clean).withFirstExample(100), times, MASK);
    TokenBatch wholeEarlier = PROCESS.posterior(whole, earlier, UNMASK);

    for (int b = 0; b < rows; b += rowsAtOnce) {
      int end = b + rowsAtOnce;
      NoisedBatch part =
          PROCESS.noise(
              Rows.of(clean.rows(b, end)).withFirstExample(100 + b),
              Arrays.copyOfRange(times, b, end),
              MASK);

      assertThat(part.noisy()).isEqualTo(whole.noisy().rows(b, end));
      assertThat(PROCESS.posterior(part, Arrays.copyOfRange(earlier, b, end), UNMASK))
          .isEqualTo(wholeEarlier.rows(b, end));
    }
  }

  @Test
  void rejectsArgumentsThatDoNotFit() {
    NoisedBatch batch = PROCESS.noise(Rows.of(clean(2, 3)), times(2, 0.5), MASK);
    String backwards = "earlier time s (0.6) must not be after t, got t 0.5";

    assertThatThrownBy(() -> PROCESS.noise(Rows.of(clean(2, 3)), times(3, 0.5), MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("times must have shape [B] = [2], got [3]");
    assertThatThrownBy(
            () -> PROCESS.noise(Rows.of(clean(2, 3)).withFirstExample(-1), times(2, 0.5), MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("firstExample (-1) must be at least 0");
    assertThatThrownBy(
            () ->
                PROCESS.noise(Rows.of(TokenBatch.allMasked(VOCABULARY, 1, 2)), times(1, 0.5), MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clean must not hold masks, got one at row 0, position 0");
    assertThatThrownBy(
            () ->
                PROCESS.noise(
                    Rows.of(TokenBatch.of(new Vocabulary(4), new int[] {3})), times(1, 0.5), MASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "tokens must be of the schedule's vocabulary, Vocabulary[size=3], got"
                + " Vocabulary[size=4]");
    assertThatThrownBy(() -> PROCESS.posterior(batch, times(1, 0.5), UNMASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("earlier must have shape [B] = [2], got [1]");
    assertThatThrownBy(() -> PROCESS.posterior(batch, times(2, 0.6), UNMASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(backwards);
    assertThatThrownBy(() -> PROCESS.survivalProbability(0.6, 0.5, 0)).hasMessage(backwards);
    assertThatThrownBy(() -> PROCESS.unmaskProbability(0.6, 0.5, 0)).hasMessage(backwards);
    assertThatThrownBy(() -> PROCESS.stayMaskedProbability(0.6, 0.5, 0)).hasMessage(backwards);
    assertThatThrownBy(() -> PROCESS.reverse(0.1, 0.2, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mu must have shape [V] = [3], got [1]");
  }

  private static StateDependentProcess process(JsonNode inputs) {
    JsonNode epsilon = inputs.get("eps");
    return new StateDependentProcess(
        LearnedPolynomialSchedule.ofPowers(VOCABULARY, numbers(inputs.get("w")))
            .withEpsilon(epsilon == null ? 0 : epsilon.doubleValue()));
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    Arrays.setAll(numbers, i -> array.get(i).doubleValue());
    return numbers;
  }

  private static TokenBatch clean(int rows, int length) {
    int[] tokens = new int[rows * length];
    Arrays.setAll(tokens, i -> i % VOCABULARY.size());
    return TokenBatch.ofFlat(VOCABULARY, rows, tokens);
  }

  private static double[] times(int rows, double t) {
    double[] times = new double[rows];
    Arrays.fill(times, t);
    return times;
  }
}
