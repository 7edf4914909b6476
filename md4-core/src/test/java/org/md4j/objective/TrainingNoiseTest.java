package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;
import org.md4j.process.TimeLaw;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactElbo;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.ToyDenoiser;

class TrainingNoiseTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int[] CLEAN = {0, 2, 1};
  private static final ToyDenoiser DENOISER = new ToyDenoiser(VOCABULARY, t -> 2 * t);
  private static final Uniforms MASKS = new CounterRandom(5).uniforms(Purpose.MASK, 0);
  private static final double SCALE = 0.7;

  /** Laws with the numbers at which their pieces meet. */
  static Stream<Arguments> laws() {
    return Stream.of(
        Arguments.of(TimeLaw.uniform(), new double[] {0, 1}),
        Arguments.of(TimeLaw.power(1), new double[] {0, 1}),
        Arguments.of(TimeLaw.power(0.5), new double[] {0, 1}),
        Arguments.of(TimeLaw.window(0.3, 0.7, 0.5), new double[] {0, 0.25, 0.75, 1}),
        Arguments.of(TimeLaw.bell(0.5, 0.2), new double[] {0, 1}));
  }

  static Stream<Elbo> bounds() {
    return Stream.of(
        new ContinuousTimeElbo(MaskingSchedule.reference()),
        new ContinuousTimeElbo(MaskingSchedule.cosine().clipped(1e-2)),
        new LogSnrElbo(MaskingSchedule.reference()));
  }

  /** Masks are enumerated; levels integrated, which the law's weight must make up for. */
  @ParameterizedTest
  @MethodSource("laws")
  void boundUnderALawOfTimesIsTheBound(TimeLaw law, double[] pieces) {
    bounds()
        .forEach(
            elbo -> {
              double sum = 0;
              for (int i = 1; i < pieces.length; i++) {
                double from = pieces[i - 1];
                double width = pieces[i] - from;
                sum +=
                    ExactElbo.integral(
                        x -> {
                          double level = law.time(Math.min(from + width * x, 1 - 1e-15));
                          return width
                              * law.weight(level)
                              * ExactElbo.atLevel(elbo, DENOISER, VOCABULARY, level, CLEAN);
                        });
              }

              assertThat(sum)
                  .as("%s", elbo)
                  .isCloseTo(
                      ExactElbo.diffusion(elbo, DENOISER, VOCABULARY, CLEAN),
                      within(1e2 * Tolerance.QUADRATURE));
            });
  }

  /** Every objective, with and without pairs, by the loss that trains it. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reportedNatsAreUnbiasedForEveryObjectiveAndLaw(boolean pairs) {
    Stream<Objective> objectives =
        Stream.of(
            new ContinuousTimeElbo(MaskingSchedule.reference()),
            new ContinuousTimeElbo(MaskingSchedule.cosine().clipped(1e-2)),
            new DiscreteTimeElbo(MaskingSchedule.linear(), 7),
            new LogSnrElbo(MaskingSchedule.reference()),
            new MaskCountElbo(MaskingSchedule.linear()),
            ScoreEntropyElbo.reference(),
            HybridElbo.reference(),
            StateDependentElbo.of(
                    LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.6, 1, 2).withEpsilon(0.01))
                .withMaskSamples(MaskSamples.SINGLE));
    objectives.forEach(
        objective -> {
          SummaryStatistics expected = nats(objective, TrainingNoise.paper());
          for (TimeLaw law : new TimeLaw[] {TimeLaw.power(1), TimeLaw.window(0.3, 0.7, 0.5)}) {
            TrainingNoise noise =
                TrainingNoise.paper().withTimes(law).withComplementaryPairs(pairs);
            SummaryStatistics found = nats(objective, noise);

            double error = Math.hypot(standardError(expected), standardError(found));
            assertThat(found.getMean())
                .as("%s, %s", objective, noise)
                .isCloseTo(expected.getMean(), within(Tolerance.SIGMAS * error));
          }
        });
  }

  /** Steps of 64 rows, the mean nats of a row in each. */
  private static SummaryStatistics nats(Objective objective, TrainingNoise noise) {
    objective.requireFits(noise);
    int rows = 64;
    CounterRandom random = new CounterRandom(23);
    SummaryStatistics statistics = new SummaryStatistics();
    for (int step = 0; step < 60; step++) {
      double[] levels = noise.levels(rows, random.uniforms(Purpose.TIME, step));
      TrainingLoss loss = objective.trainingLoss(new LogitWorkspace());
      loss.add(
          new GradientRecorder(DENOISER),
          new TrainingRows(
              clean(rows),
              levels,
              noise.factors(levels),
              bound -> bound,
              noise.masks(random.uniforms(Purpose.MASK, step)),
              random.uniforms(Purpose.DROPOUT, step)),
          1);
      statistics.addValue(loss.nats() / rows);
    }
    return statistics;
  }

  private static double standardError(SummaryStatistics statistics) {
    return statistics.getStandardDeviation() / Math.sqrt((double) statistics.getN());
  }

  @Test
  void paperNoiseIsUniformLevelsByThemselves() {
    Uniforms times = new CounterRandom(3).uniforms(Purpose.TIME, 8);
    TrainingNoise noise = TrainingNoise.paper();

    assertThat(noise.levels(7, times)).containsExactly(AntitheticTimes.sample(7, times));
    assertThat(noise.factors(noise.levels(7, times))).containsOnly(1);
    assertThat(noise.masks(MASKS)).isSameAs(MASKS);
    assertThat(noise.example(5)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 15, 64})
  void pairsHaveReflectedLevelsOneFactorAndOneExample(int rows) {
    TrainingNoise noise =
        TrainingNoise.paper().withTimes(TimeLaw.power(1)).withComplementaryPairs(true);

    double[] levels = noise.levels(rows, new CounterRandom(3).uniforms(Purpose.TIME, rows));
    double[] factors = noise.factors(levels);

    assertThat(levels).hasSize(rows);
    for (int b = 1; b < rows; b += 2) {
      assertThat(levels[b]).isCloseTo(1 - levels[b - 1], within(Tolerance.EXACT_DOUBLE));
      assertThat(factors[b]).isCloseTo(factors[b - 1], within(Tolerance.EXACT_DOUBLE));
      assertThat(noise.example(b)).isEqualTo(noise.example(b - 1));
    }
    assertThat(factors[0]).isEqualTo(TimeLaw.power(1).weight(levels[0]));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachTokenIsMaskedInExactlyOneRowOfAPair(boolean learned) {
    Objective objective =
        learned
            ? StateDependentElbo.of(LearnedPolynomialSchedule.perToken(VOCABULARY).withEpsilon(0))
                .withMaskSamples(MaskSamples.SINGLE)
            : new ContinuousTimeElbo(MaskingSchedule.reference());
    int rows = 64;
    TrainingNoise noise = TrainingNoise.paper().withComplementaryPairs(true);
    int masked = 0;
    for (int step = 0; step < 20; step++) {
      CounterRandom random = new CounterRandom(step);
      double[] levels = noise.levels(rows, random.uniforms(Purpose.TIME, step));
      Uniforms masks = noise.masks(random.uniforms(Purpose.MASK, step));

      NoisedBatch batch = objective.noise(clean(rows), levels, masks);

      for (int b = 0; b < rows; b += 2) {
        for (int n = 0; n < CLEAN.length; n++) {
          boolean first = batch.noisy().isMasked(b * CLEAN.length + n);
          boolean second = batch.noisy().isMasked((b + 1) * CLEAN.length + n);
          // GenMD4's times start at t1 = 0.001, which leaves a thousandth to chance.
          if (!learned) {
            assertThat(first).as("step %s, row %s, position %s", step, b, n).isNotEqualTo(second);
          }
          masked += first != second ? 1 : 0;
        }
      }
    }
    assertThat(masked).isGreaterThanOrEqualTo((int) (0.995 * 20 * 32 * CLEAN.length));
  }

  /** In T steps the levels of a pair add up to 1 + 1/T, not to 1. */
  @Test
  void tokensOfAPairInStepsAreMaskedInOneRowOrMoreAndSeldomInBoth() {
    int steps = 8;
    DiscreteTimeElbo elbo = new DiscreteTimeElbo(MaskingSchedule.linear(), steps);
    TrainingNoise noise = TrainingNoise.paper().withComplementaryPairs(true);
    int rows = 64;
    SummaryStatistics both = new SummaryStatistics();
    for (int step = 0; step < 40; step++) {
      CounterRandom random = new CounterRandom(step);
      double[] levels = noise.levels(rows, random.uniforms(Purpose.TIME, step));
      NoisedBatch batch =
          elbo.noise(clean(rows), levels, noise.masks(random.uniforms(Purpose.MASK, step)));
      for (int n = 0; n < rows / 2 * CLEAN.length; n++) {
        int position = n / CLEAN.length * 2 * CLEAN.length + n % CLEAN.length;
        boolean first = batch.noisy().isMasked(position);
        boolean second = batch.noisy().isMasked(position + CLEAN.length);
        assertThat(first || second).isTrue();
        both.addValue(first && second ? 1 : 0);
      }
    }
    assertThat(both.getMean())
        .isCloseTo(1.0 / steps, within(Tolerance.SIGMAS * standardError(both)));
  }

  @Test
  void secondRowOfAPairReadsWhatTheFirstLacksToOne() {
    Uniforms masks = TrainingNoise.paper().withComplementaryPairs(true).masks(MASKS);
    double[] filled = new double[5];
    masks.fill(7, 2, filled, 1, 3);

    for (int n = 0; n < 4; n++) {
      assertThat(masks.at(6, n)).isEqualTo(MASKS.at(6, n));
      assertThat(masks.at(7, n)).isEqualTo(1 - MASKS.at(6, n));
    }
    assertThat(filled).containsExactly(0, masks.at(7, 2), masks.at(7, 3), masks.at(7, 4), 0);
    Uniforms zeros =
        TrainingNoise.paper().withComplementaryPairs(true).masks((example, index) -> 0);
    assertThat(zeros.at(1, 0)).isLessThan(1);
  }

  /** Gradients follow factor and weight, the reported value the factor alone. */
  @Test
  void rowsAreWeighedInTheGradientAndByTheLawAloneInTheValue() {
    ContinuousTimeElbo elbo = new ContinuousTimeElbo(MaskingSchedule.reference());
    double[] levels = {0.9, 0.6, 0.8};
    double[] factors = {2, 0.5, 3};
    DoubleUnaryOperator weight = bound -> TrainingWeight.capped(1.2).of(bound, 0.5);
    GradientRecorder plain = new GradientRecorder(DENOISER);
    GradientRecorder weighed = new GradientRecorder(DENOISER);
    TrainingLoss plainLoss = elbo.trainingLoss(new LogitWorkspace());
    TrainingLoss weighedLoss = elbo.trainingLoss(new LogitWorkspace());
    plainLoss.add(plain, new TrainingRows(clean(3), levels, MASKS, MASKS), SCALE);
    weighedLoss.add(
        weighed, new TrainingRows(clean(3), levels, factors, weight, MASKS, MASKS), SCALE);

    NoisedBatch batch = elbo.noise(clean(3), levels, MASKS);
    double[] weights = elbo.weights(batch);
    int size = VOCABULARY.size();
    int[] positions = plain.questions().get(0).positions();
    double[] gradient = plain.gradients().get(0);
    for (int i = 0; i < gradient.length; i++) {
      int row = batch.rowOf(positions[i / size]);
      double expected = gradient[i] / weights[row] * Math.min(weights[row], 1.2) * factors[row];
      assertThat(weighed.gradients().get(0)[i]).isCloseTo(expected, within(Tolerance.EXACT_DOUBLE));
    }
    double expected = 0;
    for (int b = 0; b < 3; b++) {
      ElboTerms terms = elbo.estimate(batch, DENOISER).get(b);
      expected += factors[b] * terms.diffusion() + terms.reconstruction() + terms.prior();
    }
    assertThat(weighedLoss.nats()).isCloseTo(expected, within(Tolerance.EXACT_DOUBLE));
    assertThat(plainLoss.nats()).isNotCloseTo(expected, within(0.1));
  }

  /** Under a law the value of GenMD4 hardly moves on average: here row by row. */
  @Test
  void valueOfALearnedScheduleIsWeighedByTheLaw() {
    StateDependentElbo elbo =
        StateDependentElbo.of(LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.6, 1, 2))
            .withMaskSamples(MaskSamples.SINGLE);
    double[] levels = {0.9, 0.6, 0.8};
    double[] factors = {2, 0.5, 3};
    TrainingLoss loss = elbo.trainingLoss(new LogitWorkspace());
    loss.add(
        new GradientRecorder(DENOISER),
        new TrainingRows(clean(3), levels, factors, bound -> bound, MASKS, MASKS),
        SCALE);

    NoisedBatch batch = elbo.noise(clean(3), levels, MASKS);
    double expected = 0;
    for (int b = 0; b < 3; b++) {
      ElboTerms terms = elbo.estimate(batch, DENOISER).get(b);
      expected += factors[b] * terms.diffusion() + terms.reconstruction() + terms.prior();
    }
    assertThat(loss.nats()).isCloseTo(expected, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void weightsAreThoseOfTheirFormulas() {
    assertThat(TrainingWeight.bound().of(17, 0.3)).isEqualTo(17);
    assertThat(TrainingWeight.flat(2).of(17, 0.3)).isEqualTo(2);
    assertThat(TrainingWeight.capped(5).of(17, 0.3)).isEqualTo(5);
    assertThat(TrainingWeight.capped(5).of(1.5, 0.3)).isEqualTo(1.5);
    TrainingWeight annealed = TrainingWeight.annealed(2, 0.5);
    assertThat(DoubleStream.of(0, 0.125, 0.25, 0.5, 0.9).map(p -> annealed.of(10, p)))
        .containsExactly(2.0, 4.0, 6.0, 10.0, 10.0);
    assertThat(annealed.of(Double.POSITIVE_INFINITY, 0.7)).isInfinite();
    assertThatThrownBy(() -> TrainingWeight.flat(0)).hasMessageContaining("value (0.0)");
    assertThatThrownBy(() -> TrainingWeight.capped(-1)).hasMessageContaining("most (-1.0)");
    assertThatThrownBy(() -> TrainingWeight.annealed(1, 1.5)).hasMessageContaining("until (1.5)");
  }

  @Test
  void objectivesRejectNoiseThatDoesNotFit() {
    StateDependentElbo learned =
        StateDependentElbo.of(LearnedPolynomialSchedule.perToken(VOCABULARY));
    TrainingNoise flat = TrainingNoise.paper().withWeight(TrainingWeight.flat(2));
    TrainingNoise pairs = TrainingNoise.paper().withComplementaryPairs(true);

    assertThatThrownBy(() -> learned.requireFits(flat)).hasMessageContaining("weight (FlatWeight");
    assertThatThrownBy(() -> learned.requireFits(pairs)).hasMessageContaining("must be SINGLE");
    learned.withMaskSamples(MaskSamples.SINGLE).requireFits(pairs);
    assertThatThrownBy(() -> HybridElbo.reference().requireFits(flat))
        .hasMessageContaining("weight (FlatWeight");
    HybridElbo.reference().requireFits(pairs);
    HybridElbo.reference().bound().requireFits(flat);
    TrainingNoise counts = TrainingNoise.paper().withMaskCounts(true);
    for (Objective none :
        new Objective[] {learned, HybridElbo.reference(), HybridElbo.reference().bound()}) {
      assertThatThrownBy(() -> none.requireFits(counts))
          .hasMessage(
              "maskCounts (true) must be false for %s, whose bound has no form in numbers of masks",
              none.getClass().getSimpleName());
    }
    assertThatThrownBy(() -> new AutoregressiveLikelihood().requireFits(counts))
        .hasMessageContaining("no noise levels");
    assertThatThrownBy(() -> new AutoregressiveLikelihood().requireFits(pairs))
        .hasMessageContaining("no noise levels");
    new AutoregressiveLikelihood().requireFits(TrainingNoise.paper());
    new ContinuousTimeElbo(MaskingSchedule.linear()).requireFits(flat);
  }

  @Test
  void maskCountsAreTheEstimatorOfTheSameBound() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    TrainingNoise counts = TrainingNoise.paper().withMaskCounts(true);
    MaskCountElbo inCounts = new MaskCountElbo(schedule);

    assertThat(counts.estimatorOf(new ContinuousTimeElbo(schedule))).isEqualTo(inCounts);
    assertThat(counts.estimatorOf(new LogSnrElbo(schedule))).isEqualTo(inCounts);
    assertThat(counts.estimatorOf(inCounts)).isEqualTo(inCounts);
    assertThat(counts.estimatorOf(ScoreEntropyElbo.reference()))
        .isEqualTo(new ScoreEntropyElbo(inCounts));
    Objective same = HybridElbo.reference();
    assertThat(TrainingNoise.paper().estimatorOf(same)).isSameAs(same);
    assertThat(new ScoreEntropyElbo(new DiscreteTimeElbo(schedule, 5)).inMaskCounts()).isEmpty();
  }

  @Test
  void everyRowNeedsALevelAndAFactor() {
    assertThatThrownBy(() -> new TrainingRows(clean(2), new double[3], MASKS, MASKS))
        .hasMessageContaining("levels must have shape [B] = [2], got [3]");
    assertThatThrownBy(
            () ->
                new TrainingRows(
                    clean(2), new double[2], new double[1], bound -> bound, MASKS, MASKS))
        .hasMessageContaining("factors must have shape [B] = [2], got [1]");
  }

  private static Rows clean(int rows) {
    int[][] tokens = new int[rows][];
    Arrays.setAll(tokens, b -> CLEAN);
    return Rows.of(TokenBatch.of(VOCABULARY, tokens));
  }
}
