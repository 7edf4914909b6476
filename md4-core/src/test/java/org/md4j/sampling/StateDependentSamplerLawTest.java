package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.schedule.StateDependentSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.SamplerLaws;
import org.md4j.toy.Sequences;
import org.md4j.toy.StateDependentExactDenoiser;
import org.md4j.toy.StateDependentLaws;
import org.md4j.toy.TokenSchedules;
import org.md4j.toy.ToyDenoiser;

/** Draws of both samplers for state-dependent schedules against their law, enumerated. */
@Tag("slow")
class StateDependentSamplerLawTest {
  private static final Vocabulary TERNARY = new Vocabulary(3);
  private static final LearnedPolynomialSchedule SCHEDULE =
      LearnedPolynomialSchedule.ofPowers(TERNARY, 0.4, 1, 3);
  private static final Denoiser TIMED = new ToyDenoiser(TERNARY, t -> 4 * t);

  /** Far below what a right sampler meets for any seed: odds of a million to one. */
  private static final double REFUTED = 1e-6;

  /** The best predictor of a random table of rows. */
  private static StateDependentExactDenoiser optimal(StateDependentSchedule schedule, int length) {
    double[] joint = ExactDenoiser.random(schedule.vocabulary(), length, 5).joint();
    return new StateDependentExactDenoiser(schedule, length, joint);
  }

  private enum Kind {
    STEPWISE {
      @Override
      ReverseSampler of(StateDependentSchedule schedule, LogitFilter filter, TimeGrid grid) {
        return new StateDependentStepwiseSampler(schedule, filter, grid);
      }
    },
    EVENT_DRIVEN {
      @Override
      ReverseSampler of(StateDependentSchedule schedule, LogitFilter filter, TimeGrid grid) {
        return new StateDependentEventDrivenSampler(schedule, filter, grid);
      }
    };

    abstract ReverseSampler of(StateDependentSchedule schedule, LogitFilter filter, TimeGrid grid);

    ReverseSampler of(StateDependentSchedule schedule, TimeGrid grid) {
      return of(schedule, LogitFilter.none(), grid);
    }
  }

  /** A grid, and a schedule to go with it: without masks left over, and with many. */
  private record Course(TimeGrid grid, StateDependentSchedule schedule) {}

  private static final List<Course> COURSES =
      List.of(
          new Course(TimeGrid.uniform(3), SCHEDULE),
          new Course(TimeGrid.cosine(4), SCHEDULE.withEpsilon(0)),
          new Course(
              TimeGrid.of(1, 0.9, 0.5, 0.42, 0.1, 0),
              TokenSchedules.of(
                  MaskingSchedule.linear().clipped(0.05),
                  MaskingSchedule.cosine().clipped(0.02),
                  MaskingSchedule.polynomial(3).clipped(0.1))));

  static Stream<Arguments> combinations() {
    int[][] starts = {{3, 3, 3}, {3, 1, 3}};
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                COURSES.stream()
                    .flatMap(
                        course ->
                            Stream.of(optimal(course.schedule, 3), TIMED)
                                .flatMap(
                                    denoiser ->
                                        Stream.of(starts)
                                            .map(
                                                start ->
                                                    Arguments.of(kind, course, denoiser, start)))));
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void drawsFollowTheEnumeratedLaw(Kind kind, Course course, Denoiser denoiser, int[] start) {
    double[] law = new StateDependentLaws(denoiser, course.schedule).ancestral(course.grid, start);

    new SampledLaw(kind.of(course.schedule, course.grid), denoiser, TERNARY)
        .assertFollows(law, start);
  }

  /** A filter of the library, and what it should do to probabilities. */
  private record Filtering(LogitFilter filter, UnaryOperator<double[]> law) {}

  private static final List<Filtering> FILTERINGS =
      List.of(
          new Filtering(LogitFilter.topK(2), mu -> powers(withoutLeast(mu), 1)),
          new Filtering(
              LogitFilter.temperature(0.5).andThen(LogitFilter.topK(2)),
              mu -> powers(withoutLeast(mu), 2)),
          new Filtering(LogitFilter.temperature(2), mu -> powers(mu, 0.5)));

  static Stream<Arguments> filtered() {
    return Stream.of(Kind.values())
        .flatMap(kind -> FILTERINGS.stream().map(filtering -> Arguments.of(kind, filtering)));
  }

  @ParameterizedTest
  @MethodSource("filtered")
  void theFilteredPredictionTakesThePlaceOfThePrediction(Kind kind, Filtering filtering) {
    TimeGrid grid = TimeGrid.cosine(3);
    double[] law = new StateDependentLaws(TIMED, SCHEDULE, filtering.law).ancestral(grid, 3, 3, 3);

    new SampledLaw(kind.of(SCHEDULE, filtering.filter, grid), TIMED, TERNARY)
        .assertFollows(law, 3, 3, 3);
  }

  /** Golden vector {@code sampling/genmd4_single_token_law}. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aSingleTokenIsDrawnFromTheDataWhateverTheSteps(Kind kind) {
    String id = "sampling/genmd4_single_token_law";
    StateDependentSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(TERNARY, numbers(GoldenVectors.inputs(id).get("w")))
            .withEpsilon(0);
    Denoiser denoiser =
        new StateDependentExactDenoiser(schedule, 1, numbers(GoldenVectors.inputs(id).get("p")));
    for (JsonNode row : GoldenVectors.expected(id)) {
      TimeGrid grid = TimeGrid.uniform(row.get("T").intValue());
      double[] law = new StateDependentLaws(denoiser, schedule).ancestral(grid, 3);

      for (int v = 0; v < 3; v++) {
        GoldenVectors.assertMatches(id, "token " + v, law[v], row.get("law").get(v));
      }
      new SampledLaw(kind.of(schedule, grid), denoiser, TERNARY)
          .assertFollows(numbers(row.get("law")), 3);
    }
  }

  /** With exact predictions what is left is that tokens of one step are drawn independently. */
  @Test
  void theLawOfExactPredictionsTendsToTheData() {
    StateDependentExactDenoiser exact = optimal(SCHEDULE, 3);
    StateDependentLaws laws = new StateDependentLaws(exact, SCHEDULE);
    double coarse = distance(laws.ancestral(TimeGrid.uniform(200), 3, 3, 3), exact.joint());
    double fine = distance(laws.ancestral(TimeGrid.uniform(400), 3, 3, 3), exact.joint());

    assertThat(fine).isLessThan(0.005);
    assertThat(fine / coarse).isBetween(0.45, 0.55);
  }

  @ParameterizedTest
  @MethodSource("starts")
  void manyStepsOfExactPredictionsDrawTheData(int... start) {
    StateDependentExactDenoiser exact = optimal(SCHEDULE, 3);

    new SampledLaw(Kind.EVENT_DRIVEN.of(SCHEDULE, TimeGrid.uniform(5_000)), exact, TERNARY)
        .assertFollows(given(exact.joint(), start), start);
  }

  static Stream<int[]> starts() {
    return Stream.of(new int[] {3, 3, 3}, new int[] {3, 2, 3});
  }

  /** The conditional law of rows given the tokens of a start. */
  private static double[] given(double[] joint, int[] start) {
    double[] law = joint.clone();
    for (int i = 0; i < law.length; i++) {
      int[] row = Sequences.at(i, TERNARY.size(), start.length);
      for (int n = 0; n < start.length; n++) {
        law[i] = start[n] == TERNARY.maskId() || start[n] == row[n] ? law[i] : 0;
      }
    }
    return powers(law, 1);
  }

  @Test
  void withOnePowerTheLawIsThatOfAncestralSampling() {
    StateDependentSchedule tied = LearnedPolynomialSchedule.ofPowers(TERNARY, 2).withEpsilon(0);
    TimeGrid grid = TimeGrid.cosine(4);
    double[] expected =
        new SamplerLaws(TIMED, MaskingSchedule.polynomial(2), TERNARY).ancestral(grid, 3, 0, 3);

    assertThat(new StateDependentLaws(TIMED, tied).ancestral(grid, 3, 0, 3))
        .containsExactly(expected, within(EXACT_DOUBLE));
    for (Kind kind : Kind.values()) {
      new SampledLaw(kind.of(tied, grid), TIMED, TERNARY).assertFollows(expected, 3, 0, 3);
    }
  }

  /** A power so large that its value is revealed at once, while others stay masked. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void aValueMayBeRevealedForCertainBeforeTheLastStep(Kind kind) {
    StateDependentSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(TERNARY, 0.5, 1e6, 1).withEpsilon(0);
    TimeGrid grid = TimeGrid.uniform(5);
    double[] law = new StateDependentLaws(TIMED, schedule).ancestral(grid, 3, 3, 3);

    new SampledLaw(kind.of(schedule, grid), TIMED, TERNARY).assertFollows(law, 3, 3, 3);
  }

  /** The counter-example: one probability for all values is told from the right law. */
  @Test
  void theSamplerThatAveragesOverTheVocabularyIsRefuted() {
    for (TimeGrid grid : List.of(TimeGrid.uniform(3), TimeGrid.cosine(8), TimeGrid.uniform(64))) {
      StateDependentExactDenoiser exact = optimal(SCHEDULE, 3);
      double[] law = new StateDependentLaws(exact, SCHEDULE).ancestral(grid, 3, 3, 3);
      MeanRateSampler biased = new MeanRateSampler(SCHEDULE, grid);

      assertThat(new SampledLaw(biased, exact, TERNARY).pValue(law, 3, 3, 3)).isLessThan(REFUTED);
    }
  }

  /** Nor does it draw a single token from the data, with whatever steps. */
  @Test
  void theSamplerThatAveragesOverTheVocabularyHasTheWrongMarginal() {
    StateDependentExactDenoiser exact = optimal(SCHEDULE, 1);
    for (int steps : new int[] {3, 100}) {
      MeanRateSampler biased = new MeanRateSampler(SCHEDULE, TimeGrid.uniform(steps));

      assertThat(new SampledLaw(biased, exact, TERNARY).pValue(exact.joint(), 3))
          .isLessThan(REFUTED);
    }
  }

  /** With one power its one probability is right: what refutes it is the difference of values. */
  @Test
  void theSamplerThatAveragesIsRightWhereThereIsNothingToAverage() {
    StateDependentSchedule tied = LearnedPolynomialSchedule.ofPowers(TERNARY, 2);
    TimeGrid grid = TimeGrid.uniform(3);

    new SampledLaw(new MeanRateSampler(tied, grid), TIMED, TERNARY)
        .assertFollows(new StateDependentLaws(TIMED, tied).ancestral(grid, 3, 3, 3), 3, 3, 3);
  }

  private static double[] withoutLeast(double[] mu) {
    double least = Arrays.stream(mu).min().orElseThrow();
    return Arrays.stream(mu).map(m -> m == least ? 0 : m).toArray();
  }

  /** A power of probabilities, normalised. */
  private static double[] powers(double[] mu, double power) {
    double[] powers = Arrays.stream(mu).map(m -> Math.pow(m, power)).toArray();
    double total = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(m -> m / total).toArray();
  }

  private static double[] numbers(JsonNode array) {
    double[] numbers = new double[array.size()];
    Arrays.setAll(numbers, i -> array.get(i).doubleValue());
    return numbers;
  }

  private static double distance(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> Math.abs(one[i] - other[i])).sum() / 2;
  }
}
