package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.contract.StateDependentScheduleContract;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.schedule.StateDependentSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ExactStateDependentElbo;
import org.md4j.toy.Sequences;
import org.md4j.toy.StateDependentExactDenoiser;
import org.md4j.toy.ToyDenoiser;
import org.md4j.toy.UnequalEnds;

/** What GenMD4's bound is, and what it bounds, by enumeration. */
@Tag("slow")
class StateDependentElboLawsTest {
  /** The largest uniform number: masks whatever can be masked. */
  private static final double MASKS = Math.nextDown(1.0);

  /** So small a t1 that the golden tolerance does not see what is below it, for powers from 1. */
  private static final double TINY_TIME = 1e-9;

  /** How far from 1 a fitted order of convergence may be: the next order is still visible. */
  private static final double ORDER = 0.02;

  @Test
  void expectationMatchesTheGoldenTwoTokens() {
    String id = "genmd4/two_token_exact";
    JsonNode expected = GoldenVectors.expected(id);
    Vocabulary vocabulary = new Vocabulary(3);
    LearnedPolynomialSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(vocabulary, 0.5, 1, 2).withEpsilon(1e-4);
    Denoiser denoiser = new ToyDenoiser(vocabulary);

    ElboTerms terms = expectation(StateDependentElbo.of(schedule), denoiser, 0, 2);

    GoldenVectors.assertMatches(
        id, "diffusion", terms.diffusion(), expected.get("integral_times_width"));
    GoldenVectors.assertMatches(
        id, "reconstruction", terms.reconstruction(), expected.get("recon"));
    assertThat(terms.prior()).isCloseTo(2 * 1e-4 * Math.log(3), within(Tolerance.EXACT_DOUBLE));
    GoldenVectors.assertMatches(
        id,
        "the enumeration without ends",
        new ExactStateDependentElbo(schedule.withEpsilon(0), 0, denoiser).diffusion(0, 2),
        expected.get("paper_L"));
  }

  @Test
  void equalPowersGiveTheGoldenBoundOfMd4() {
    String id = "genmd4/reduces_to_md4";
    JsonNode expected = GoldenVectors.expected(id);
    Vocabulary vocabulary = new Vocabulary(3);
    for (double power : new double[] {1, 1.7}) {
      StateDependentElbo elbo =
          new StateDependentElbo(
              LearnedPolynomialSchedule.ofPowers(vocabulary, power, power, power).withEpsilon(0),
              TINY_TIME,
              MaskSamples.PAIR,
              RunningBaseline.none());

      double diffusion = expectation(elbo, new ToyDenoiser(vocabulary), 0, 2).diffusion();

      GoldenVectors.assertMatches(id, "power " + power, diffusion, expected.get("md4"));
      GoldenVectors.assertMatches(
          id, "power " + power, diffusion, expected.get(power == 1 ? "gen_w1" : "gen_w1_7"));
    }
  }

  /** Mask by mask: a common power leaves MD4's cost, for the same time and masks. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 2.5})
  void equalPowersCostWhatMd4Costs(double power) {
    Vocabulary vocabulary = new Vocabulary(3);
    Denoiser denoiser = new ToyDenoiser(vocabulary, t -> 2 * t);
    ContinuousTimeElbo md4 = new ContinuousTimeElbo(MaskingSchedule.polynomial(power));
    for (LearnedPolynomialSchedule schedule :
        List.of(
            LearnedPolynomialSchedule.ofPowers(vocabulary, power),
            LearnedPolynomialSchedule.ofPowers(vocabulary, power, power, power))) {
      StateDependentElbo elbo = StateDependentElbo.of(schedule);
      NoisedBatch batch = everyMask(elbo, new double[] {0.01, 0.5, 0.9}, 2, 0, 1);

      List<ElboTerms> actual = elbo.estimate(batch, denoiser);
      List<ElboTerms> expected = md4.estimate(batch, denoiser);

      for (int b = 0; b < actual.size(); b++) {
        double value = (1 - elbo.firstTime()) * expected.get(b).diffusion();
        assertThat(actual.get(b).diffusion())
            .isCloseTo(value, within(Tolerance.EXACT_DOUBLE * (1 + value)));
      }
    }
  }

  /** {@code genmd4/single_token_optimal}. */
  @Test
  void bestPredictionOfOneTokenCostsItsLogarithm() {
    String id = "genmd4/single_token_optimal";
    Vocabulary vocabulary = new Vocabulary(3);
    double[] p = {0.5, 0.3, 0.2};
    double epsilon = 0.01;
    LearnedPolynomialSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(vocabulary, 0.5, 1, 2).withEpsilon(epsilon);
    Denoiser best = new StateDependentExactDenoiser(schedule, 1, p);
    StateDependentElbo elbo = StateDependentElbo.of(schedule);
    double first = elbo.firstTime();
    double maskedAtFirst =
        IntStream.range(0, 3).mapToDouble(v -> p[v] * schedule.oneMinusAlpha(first, v)).sum();

    for (JsonNode entry : GoldenVectors.expected(id)) {
      int token = entry.get("x0").intValue();
      GoldenVectors.assertMatches(
          id,
          "all of [0, 1]",
          new ExactStateDependentElbo(schedule.withEpsilon(0), 0, best).diffusion(token),
          entry.get("L"));
      double masked = schedule.oneMinusAlpha(first, token);
      double below = masked * -Math.log(p[token] * masked / maskedAtFirst);
      GoldenVectors.assertMatches(
          id,
          "[t1, 1] and what is below",
          (expectation(elbo, best, token).diffusion() + below) / (1 - epsilon),
          entry.get("exact_nll"));
    }
  }

  /** Seed by seed another vocabulary, length, schedule and row. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void expectationIsTheEnumeratedBound(long seed) {
    Random random = new Random(seed);
    Vocabulary vocabulary = new Vocabulary(2 + random.nextInt(2));
    int length = 2 + random.nextInt(2);
    int[] clean = random.ints(length, 0, vocabulary.size()).toArray();
    double[] raw = random.doubles(vocabulary.size(), -0.5, 2).toArray();
    Denoiser denoiser = new ToyDenoiser(vocabulary, t -> Math.sin(3 * t));
    for (StateDependentSchedule schedule :
        List.of(
            LearnedPolynomialSchedule.of(vocabulary, 0.02, raw),
            LearnedPolynomialSchedule.of(vocabulary, 0, raw[0]),
            new UnequalEnds(raw))) {
      StateDependentElbo elbo = StateDependentElbo.of(schedule);
      ExactStateDependentElbo exact =
          new ExactStateDependentElbo(schedule, elbo.firstTime(), denoiser);

      ElboTerms actual = expectation(elbo, denoiser, clean);

      assertThat(actual.diffusion())
          .as("diffusion of %s", schedule)
          .isCloseTo(exact.diffusion(clean), within(Tolerance.QUADRATURE));
      assertThat(actual.reconstruction())
          .as("reconstruction of %s", schedule)
          .isCloseTo(exact.reconstruction(clean), within(Tolerance.EXACT_DOUBLE));
      assertThat(actual.prior())
          .as("prior of %s", schedule)
          .isCloseTo(exact.prior(clean), within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** The reveals of one step, on a grid from t1 to 1, tend to the integral. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void discreteBoundConvergesToItAtFirstOrder(boolean tied) {
    Vocabulary vocabulary = new Vocabulary(3);
    StateDependentSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(
            vocabulary, tied ? new double[] {1.5} : new double[] {0.6, 1, 2});
    Denoiser denoiser = new ToyDenoiser(vocabulary, t -> 2 * t);
    // Steps resolve the schedule from t1 on: at the reference's it takes thousands of them.
    StateDependentElbo elbo =
        new StateDependentElbo(schedule, 0.2, MaskSamples.PAIR, RunningBaseline.none());
    double limit = expectation(elbo, denoiser, 2, 0).diffusion();
    ExactStateDependentElbo exact = new ExactStateDependentElbo(schedule, 0.2, denoiser);

    SimpleRegression order = new SimpleRegression();
    for (int steps = 64; steps <= 1024; steps *= 2) {
      order.addData(Math.log(steps), Math.log(Math.abs(exact.discrete(steps, 2, 0) - limit)));
    }

    assertThat(order.getSlope()).as("slope of log error").isCloseTo(-1, within(ORDER));
  }

  /** Row by row, whatever the predictor: the model of T steps, and that of ever more. */
  @ParameterizedTest
  @CsvSource({"2, 3, 1", "2, 3, 4", "3, 2, 1", "3, 2, 4", "3, 3, 5"})
  void boundIsAboveTheNegativeLogLikelihoodOfTheModel(int size, int length, int steps) {
    Random random = new Random(31L * size + steps);
    Vocabulary vocabulary = new Vocabulary(size);
    double[] raw = random.doubles(size, -0.5, 1.5).toArray();
    Denoiser denoiser = new ToyDenoiser(vocabulary, t -> 2 * t);
    for (StateDependentSchedule schedule :
        List.of(LearnedPolynomialSchedule.of(vocabulary, 0.05, raw), new UnequalEnds(raw))) {
      double firstTime = 0.01;
      StateDependentElbo elbo =
          new StateDependentElbo(schedule, firstTime, MaskSamples.PAIR, RunningBaseline.none());
      ExactStateDependentElbo exact = new ExactStateDependentElbo(schedule, firstTime, denoiser);
      double[] model = exact.modelled(steps, length);
      double[] finer = exact.modelled(512, length);
      double[] finest = exact.modelled(1024, length);

      assertThat(Arrays.stream(model).sum()).isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
      for (int i = 0; i < model.length; i++) {
        int[] clean = Sequences.at(i, size, length);
        ElboTerms terms = expectation(elbo, denoiser, clean);
        assertThat(exact.discrete(steps, clean) + terms.reconstruction() + terms.prior())
            .as("%s steps, row %s", steps, i)
            .isGreaterThan(-Math.log(model[i]));
        // What is left of the error of the steps is smaller than the last halving's.
        double nats = -Math.log(finest[i]);
        double error = Math.abs(nats + Math.log(finer[i]));
        assertThat(terms.total()).as("all steps, row %s", i).isGreaterThan(nats + error);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 3, 1", "3, 2, 2", "3, 1, 3"})
  void meanOverTheDataIsAboveItsEntropyWhateverThePredictor(int size, int length, long seed) {
    Vocabulary vocabulary = new Vocabulary(size);
    double[] joint = ExactDenoiser.random(vocabulary, length, seed).joint();
    double[] raw = new Random(seed).doubles(size, -0.5, 1.5).toArray();
    for (StateDependentSchedule schedule :
        List.of(LearnedPolynomialSchedule.of(vocabulary, 0.01, raw), new UnequalEnds(raw))) {
      StateDependentElbo elbo = StateDependentElbo.of(schedule);
      double best =
          dataMean(elbo, new StateDependentExactDenoiser(schedule, length, joint), joint, length);

      assertThat(best).as("best of %s", schedule).isGreaterThan(entropy(joint));
      for (Denoiser other :
          List.of(
              new ToyDenoiser(vocabulary),
              new ExactDenoiser(vocabulary, length, joint),
              ExactDenoiser.random(vocabulary, length, seed + 10))) {
        assertThat(dataMean(elbo, other, joint, length))
            .as("%s, %s", schedule, other)
            .isGreaterThan(best);
      }
    }
  }

  /** For any N: with the best predictor all that is lost is lost at t1. */
  @ParameterizedTest
  @CsvSource({"3, 1", "3, 2", "2, 3"})
  void bestPredictorsMeanTendsToTheEntropy(int size, int length) {
    Vocabulary vocabulary = new Vocabulary(size);
    double[] joint = ExactDenoiser.random(vocabulary, length, 7).joint();
    double[] powers = {0.7, 1, 2};
    StateDependentSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(vocabulary, Arrays.copyOf(powers, size)).withEpsilon(0);
    Denoiser best = new StateDependentExactDenoiser(schedule, length, joint);

    double previous = Double.POSITIVE_INFINITY;
    for (double firstTime : new double[] {0.1, 0.01, 1e-3, 1e-4}) {
      StateDependentElbo elbo =
          new StateDependentElbo(schedule, firstTime, MaskSamples.PAIR, RunningBaseline.none());
      double gap = dataMean(elbo, best, joint, length) - entropy(joint);

      // What is masked at t1 goes with t1^0.7, and so does what it costs.
      assertThat(gap)
          .as("t1 = %s", firstTime)
          .isPositive()
          .isLessThan(length * Math.pow(firstTime, 0.6))
          .isLessThan(previous);
      previous = gap;
    }
  }

  @Nested
  class ScheduleOfUnequalEnds extends StateDependentScheduleContract {
    @Override
    protected StateDependentSchedule schedule() {
      return new UnequalEnds(0.2, -0.3, 1);
    }
  }

  private static double dataMean(
      StateDependentElbo elbo, Denoiser denoiser, double[] joint, int length) {
    double mean = 0;
    for (int i = 0; i < joint.length; i++) {
      int[] clean = Sequences.at(i, elbo.schedule().vocabulary().size(), length);
      mean += joint[i] * expectation(elbo, denoiser, clean).total();
    }
    return mean;
  }

  private static double entropy(double... joint) {
    return -Arrays.stream(joint).map(p -> p * Math.log(p)).sum();
  }

  /** The expectation of the library's estimates over masks and levels. */
  private static ElboTerms expectation(StateDependentElbo elbo, Denoiser denoiser, int... clean) {
    ExactStateDependentElbo.Rule rule = ExactStateDependentElbo.Rule.fine();
    int sets = 1 << clean.length;
    NoisedBatch batch = everyMask(elbo, rule.levels(), clean);
    List<ElboTerms> terms = elbo.estimate(batch, denoiser);
    ExactStateDependentElbo law =
        new ExactStateDependentElbo(elbo.schedule(), elbo.firstTime(), denoiser);
    double[] means = new double[rule.levels().length];
    for (int i = 0; i < terms.size(); i++) {
      means[i / sets] +=
          law.probability(batch.times()[i], clean, i % sets) * terms.get(i).diffusion();
    }
    ElboTerms any = terms.get(0);
    return new ElboTerms(rule.integral(means), any.reconstruction(), any.prior());
  }

  /** Every set of masks at every level. */
  private static NoisedBatch everyMask(StateDependentElbo elbo, double[] levels, int... clean) {
    int sets = 1 << clean.length;
    int[][] rows = new int[levels.length * sets][];
    Arrays.fill(rows, clean);
    double[] rowLevels = new double[rows.length];
    Arrays.setAll(rowLevels, i -> levels[i / sets]);
    return elbo.noise(
        Rows.of(TokenBatch.of(elbo.schedule().vocabulary(), rows)),
        rowLevels,
        (example, n) -> ExactStateDependentElbo.isIn((int) (example % sets), n) ? MASKS : 0);
  }
}
