package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.StateDependentSchedule;
import org.md4j.toy.ExactStateDependentElbo;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.ToyDenoiser;
import org.md4j.toy.UnequalEnds;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class StateDependentLossTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final Denoiser DENOISER = new ToyDenoiser(VOCABULARY, t -> 2 * t);
  private static final double FIRST_TIME = 0.05;
  private static final double SCALE = 0.3;
  private static final double STEP = 1e-5;

  /** Rounding of sums of numbers of size 10. */
  private static final double ROUNDING = 100 * Tolerance.EXACT_DOUBLE;

  private static final int[] ROW = {0, 2};
  private static final TokenBatch CLEAN =
      TokenBatch.of(
          VOCABULARY,
          new int[] {0, 1, 2},
          new int[] {2, 2, 1},
          new int[] {1, 0, 0},
          new int[] {0, 0, 2},
          new int[] {1, 2, 1});
  private static final double[] LEVELS = {0.7, 0.2, 0.999, 0.45, 0.8};
  private static final Uniforms MASKS = new CounterRandom(5).uniforms(Purpose.MASK, 0);
  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 0);

  /** 3 everywhere. */
  private static final RunningBaseline BASELINE =
      new RunningBaseline(
          Collections.nCopies(RunningBaseline.BINS, 1.5),
          Collections.nCopies(RunningBaseline.BINS, 0.5));

  private static List<StateDependentSchedule> schedules() {
    return List.of(
        LearnedPolynomialSchedule.of(VOCABULARY, 0.01, -0.5, 0.5, 1.8),
        LearnedPolynomialSchedule.of(VOCABULARY, 0.01, 0.9),
        new UnequalEnds(-0.5, 0.5, 1.2));
  }

  /** No chance: every pair of masks counts as often as it occurs. */
  @ParameterizedTest
  @EnumSource
  void expectedGradientIsThatOfTheExpectedBoundAtEveryLevel(MaskSamples samples) {
    for (StateDependentSchedule schedule : schedules()) {
      for (double level : new double[] {0, 0.3, 0.95}) {
        StateDependentElbo elbo = new StateDependentElbo(schedule, FIRST_TIME, samples, BASELINE);
        double time = elbo.time(level);
        StateDependentLoss loss = elbo.trainingLoss(new LogitWorkspace());

        addEveryMask(loss, elbo, level, 1);

        double[] gradient = loss.parameterGradient();
        for (int p = 0; p < gradient.length; p++) {
          double slope =
              (boundAt(moved(schedule, p, STEP), time) - boundAt(moved(schedule, p, -STEP), time))
                  / (2 * STEP);
          assertThat(gradient[p])
              .as("%s, level %s, parameter %s", schedule, level, p)
              .isCloseTo(slope, within(Tolerance.FINITE_DIFFERENCE * (1 + Math.abs(slope))));
        }
      }
    }
  }

  /** {@code genmd4/two_token_exact}, by the powers and without the factor (1 - t1). */
  @Test
  void expectedGradientIsTheGoldenOne() {
    String id = "genmd4/two_token_exact";
    JsonNode expected = GoldenVectors.expected(id);
    LearnedPolynomialSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.5, 1, 2).withEpsilon(1e-4);
    StateDependentElbo elbo =
        StateDependentElbo.of(schedule).withMaskSamples(MaskSamples.SINGLE).withBaseline(BASELINE);
    StateDependentLoss loss = elbo.trainingLoss(new LogitWorkspace());
    ExactStateDependentElbo.Rule rule = ExactStateDependentElbo.Rule.of(4);

    for (int i = 0; i < rule.levels().length; i++) {
      addEveryMask(loss, elbo, new ToyDenoiser(VOCABULARY), rule.levels()[i], rule.weights()[i]);
    }

    double[] raw = schedule.parameters();
    double[] ends = new double[3];
    new StateDependentEndTerms(schedule, elbo.firstTime())
        .addGradient(new long[] {1, 0, 1}, 1, ends);
    for (int v = 0; v < raw.length; v++) {
      double slope = 1 / (1 + Math.exp(-raw[v]));
      GoldenVectors.assertMatches(
          id, "reconstruction", ends[v] / slope, expected.get("grad_recon").get(v));
      GoldenVectors.assertMatches(
          id,
          "diffusion",
          (loss.parameterGradient()[v] - ends[v]) / slope / (1 - elbo.firstTime()),
          expected.get("grad_total").get(v));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientInTheLogitsIsThatOfTheBoundOfTheMasks(MaskSamples samples) {
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      StateDependentElbo elbo =
          new StateDependentElbo(schedules().get(0), FIRST_TIME, samples, BASELINE);
      double tolerance =
          type == DataType.FLOAT ? 10 * Tolerance.EXACT_FLOAT : Tolerance.FINITE_DIFFERENCE;
      GradientRecorder network = new GradientRecorder(input -> DENOISER.logits(input).castTo(type));
      elbo.trainingLoss(new LogitWorkspace()).add(network, all(), SCALE);

      for (int question = 0; question < network.gradients().size(); question++) {
        double[] gradient = network.gradients().get(question);
        for (int i = 0; i < gradient.length; i++) {
          double slope =
              (nudged(elbo, question, i, STEP) - nudged(elbo, question, i, -STEP)) / (2 * STEP);
          assertThat(gradient[i])
              .as("%s, question %s, logit %s", type, question, i)
              .isCloseTo(SCALE * slope, within(tolerance * (1 + Math.abs(slope))));
        }
      }
    }
  }

  /** What the masks are compared with is nothing to the network, and nothing to the bound. */
  @ParameterizedTest
  @EnumSource
  void baselineChangesNeitherTheNetworksGradientNorTheBound(MaskSamples samples) {
    StateDependentElbo elbo =
        new StateDependentElbo(schedules().get(0), FIRST_TIME, samples, BASELINE);
    GradientRecorder with = new GradientRecorder(DENOISER);
    GradientRecorder without = new GradientRecorder(DENOISER);
    StateDependentLoss one = elbo.trainingLoss(new LogitWorkspace());
    StateDependentLoss other =
        elbo.withBaseline(RunningBaseline.none()).trainingLoss(new LogitWorkspace());

    one.add(with, all(), SCALE);
    other.add(without, all(), SCALE);

    assertThat(one.nats()).isEqualTo(other.nats());
    for (int question = 0; question < with.gradients().size(); question++) {
      assertThat(with.gradients().get(question)).isEqualTo(without.gradients().get(question));
    }
    if (samples != MaskSamples.SINGLE) {
      assertThat(one.parameterGradient()).isEqualTo(other.parameterGradient());
    }
  }

  /** Mask k of K of example e is the one example {@code K e + k} has. */
  @ParameterizedTest
  @EnumSource
  void natsAreTheMeanOfTheEstimatesOfARowsMasks(MaskSamples samples) {
    StateDependentElbo elbo =
        new StateDependentElbo(schedules().get(2), FIRST_TIME, samples, BASELINE);
    StateDependentLoss loss = elbo.trainingLoss(new LogitWorkspace());
    loss.add(new GradientRecorder(DENOISER), all(), SCALE);

    int count = samples.count();
    double mean = 0;
    for (int k = 0; k < count; k++) {
      int sample = k;
      Uniforms masks = (example, n) -> MASKS.at(count * example + sample, n);
      for (ElboTerms terms : elbo.estimate(elbo.noise(Rows.of(CLEAN), LEVELS, masks), DENOISER)) {
        mean += terms.total() / count;
      }
    }

    assertThat(loss.nats()).isCloseTo(mean, within(ROUNDING));
  }

  @Test
  void askingInTurnIsAskingAtOnce() {
    StateDependentElbo elbo = StateDependentElbo.of(schedules().get(0));
    Dropping together = new Dropping();
    Dropping inTurn = new Dropping();
    StateDependentLoss one = elbo.trainingLoss(new LogitWorkspace());
    StateDependentLoss other =
        elbo.withMaskSamples(MaskSamples.PAIR_IN_TURN).trainingLoss(new LogitWorkspace());

    one.add(together, all(), SCALE);
    other.add(inTurn, all(), SCALE);

    assertSame(one, other);
    assertThat(together.recorder.questions()).hasSize(1);
    assertThat(inTurn.recorder.questions()).hasSize(2);
    assertThat(together.recorder.accumulated()).containsExactly(false);
    assertThat(inTurn.recorder.accumulated()).containsExactly(false, true);
    Map<List<Integer>, List<Double>> actual = new HashMap<>();
    for (int k = 0; k < 2; k++) {
      int sample = k;
      inTurn.gradients(k).forEach((at, value) -> actual.put(at(2 * at.get(0) + sample, at), value));
    }
    Map<List<Integer>, List<Double>> expected = together.gradients(0);
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (at, gradient) -> {
          for (int v = 0; v < gradient.size(); v++) {
            assertThat(actual.get(at).get(v)).isCloseTo(gradient.get(v), within(ROUNDING));
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void resultDoesNotDependOnHowRowsAreSplitOrNumbered(MaskSamples samples) {
    StateDependentElbo elbo =
        new StateDependentElbo(schedules().get(2), FIRST_TIME, samples, BASELINE);
    StateDependentLoss whole = elbo.trainingLoss(new LogitWorkspace());
    StateDependentLoss split = elbo.trainingLoss(new LogitWorkspace());
    StateDependentLoss renumbered = elbo.trainingLoss(new LogitWorkspace());
    int first = 7;
    long shift = (long) first * samples.count();

    whole.add(new Dropping(), all(), SCALE);
    for (int b : new int[] {0, 1, 3}) {
      int to = b == 0 ? 1 : b == 1 ? 3 : 5;
      split.add(
          new Dropping(),
          new TrainingRows(
              Rows.of(CLEAN.rows(b, to)).withFirstExample(b),
              Arrays.copyOfRange(LEVELS, b, to),
              MASKS,
              DROPOUT),
          SCALE);
    }
    renumbered.add(
        new Dropping(),
        new TrainingRows(
            Rows.of(CLEAN).withFirstExample(first),
            LEVELS,
            (example, n) -> MASKS.at(example - shift, n),
            (example, n) -> DROPOUT.at(example - shift, n)),
        SCALE);

    assertSame(split, whole);
    assertSame(renumbered, whole);
  }

  @Test
  void everyMaskOfARowHasItsTimeAndLabel() {
    StateDependentElbo elbo = StateDependentElbo.of(schedules().get(0));
    GradientRecorder network = new GradientRecorder(DENOISER);
    TrainingRows rows =
        new TrainingRows(
            Rows.of(CLEAN).withLabels(new int[] {4, 7, 1, 0, 2}),
            LEVELS,
            (example, n) -> 0.99999,
            DROPOUT);

    elbo.trainingLoss(new LogitWorkspace()).add(network, rows, SCALE);

    DenoiserInput question = network.questions().get(0);
    assertThat(question.labels()).containsExactly(4, 4, 7, 7, 1, 1, 0, 0, 2, 2);
    for (int i = 0; i < 10; i++) {
      assertThat(question.times()[i]).isEqualTo(elbo.time(LEVELS[i / 2]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsWithoutMasksCostTheEndsAndLeaveTheNetworkAlone(MaskSamples samples) {
    StateDependentElbo elbo = StateDependentElbo.of(schedules().get(0)).withMaskSamples(samples);
    GradientRecorder network = new GradientRecorder(DENOISER);
    StateDependentLoss loss = elbo.trainingLoss(new LogitWorkspace());

    loss.add(network, new TrainingRows(Rows.of(CLEAN), LEVELS, (example, n) -> 0, DROPOUT), SCALE);

    StateDependentEndTerms ends = new StateDependentEndTerms(elbo.schedule(), elbo.firstTime());
    double constants = 0;
    for (int b = 0; b < CLEAN.rows(); b++) {
      constants += ends.reconstruction(CLEAN.row(b)) + ends.prior(CLEAN.row(b));
    }
    assertThat(loss.nats()).isCloseTo(constants, within(Tolerance.EXACT_DOUBLE));
    assertThat(loss.hasGradient()).isFalse();
    assertThat(network.questions()).isEmpty();
  }

  private static void assertSame(StateDependentLoss actual, StateDependentLoss expected) {
    assertThat(actual.nats()).isCloseTo(expected.nats(), within(ROUNDING));
    assertThat(actual.surrogate()).isCloseTo(expected.surrogate(), within(ROUNDING));
    assertThat(actual.parameterGradient())
        .containsExactly(expected.parameterGradient(), within(ROUNDING));
    for (int bin = 0; bin < RunningBaseline.BINS; bin++) {
      assertThat(actual.sumOfLosses(bin)).isCloseTo(expected.sumOfLosses(bin), within(ROUNDING));
      assertThat(actual.countOfLosses(bin)).isEqualTo(expected.countOfLosses(bin));
    }
  }

  private static TrainingRows all() {
    return new TrainingRows(Rows.of(CLEAN), LEVELS, MASKS, DROPOUT);
  }

  private static void addEveryMask(
      StateDependentLoss loss, StateDependentElbo elbo, double level, double weight) {
    addEveryMask(loss, elbo, DENOISER, level, weight);
  }

  /** Adds ROW with every combination of masks, scaled by its probability. */
  private static void addEveryMask(
      StateDependentLoss loss,
      StateDependentElbo elbo,
      Denoiser denoiser,
      double level,
      double weight) {
    ExactStateDependentElbo law =
        new ExactStateDependentElbo(elbo.schedule(), elbo.firstTime(), denoiser);
    int sets = 1 << ROW.length;
    int combinations = elbo.maskSamples().count() == 1 ? sets : sets * sets;
    double time = elbo.time(level);
    for (int i = 0; i < combinations; i++) {
      int[] masks = {i % sets, i / sets};
      double probability = 1;
      for (int k = 0; k < elbo.maskSamples().count(); k++) {
        probability *= law.probability(time, ROW, masks[k]);
      }
      loss.add(
          new GradientRecorder(denoiser),
          new TrainingRows(
              Rows.of(TokenBatch.of(VOCABULARY, ROW)),
              new double[] {level},
              (example, n) ->
                  ExactStateDependentElbo.isIn(masks[(int) example], n) ? Math.nextDown(1.0) : 0,
              DROPOUT),
          weight * probability);
    }
  }

  private static double boundAt(StateDependentSchedule schedule, double time) {
    ExactStateDependentElbo exact = new ExactStateDependentElbo(schedule, FIRST_TIME, DENOISER);
    return (1 - FIRST_TIME) * exact.at(new double[] {time}, ROW)[0]
        + exact.reconstruction(ROW)
        + exact.prior(ROW);
  }

  private static StateDependentSchedule moved(
      StateDependentSchedule schedule, int parameter, double by) {
    double[] raw = schedule.parameters();
    raw[parameter] += by;
    return schedule.withParameters(raw);
  }

  /** The bound with one logit of one question moved. */
  private static double nudged(StateDependentElbo elbo, int question, int logit, double by) {
    int[] asked = {0};
    Denoiser nudged =
        input -> {
          INDArray logits = DENOISER.logits(input);
          if (asked[0]++ == question) {
            logits.putScalar(logit, logits.getDouble(logit) + by);
          }
          return logits;
        };
    StateDependentLoss loss = elbo.trainingLoss(new LogitWorkspace());
    loss.add(new GradientRecorder(nudged), all(), SCALE);
    return loss.nats();
  }

  private static List<Integer> at(int row, List<Integer> at) {
    return List.of(row, at.get(1));
  }

  /** A network whose first logits move with the dropout of their row. */
  private static final class Dropping implements DifferentiableDenoiser {
    private final GradientRecorder recorder = new GradientRecorder(DENOISER);

    @Override
    public INDArray logits(DenoiserInput input) {
      throw new AssertionError("training asks with dropout");
    }

    @Override
    public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
      INDArray logits = recorder.forwardForTraining(input, dropout);
      for (int p = 0; p < input.positions().length; p++) {
        long example = input.rows().firstExample() + input.positions()[p] / input.tokens().length();
        logits.putScalar(p, 0, logits.getDouble(p, 0) + dropout.at(example, 0));
      }
      return logits;
    }

    @Override
    public void backward(INDArray logitGradients, boolean accumulate) {
      recorder.backward(logitGradients, accumulate);
    }

    /** The gradients of a question's logits by row and position. */
    Map<List<Integer>, List<Double>> gradients(int question) {
      DenoiserInput input = recorder.questions().get(question);
      double[] flat = recorder.gradients().get(question);
      Map<List<Integer>, List<Double>> gradients = new HashMap<>();
      for (int p = 0; p < input.positions().length; p++) {
        int position = input.positions()[p];
        int length = input.tokens().length();
        gradients.put(
            List.of(position / length, position % length),
            Arrays.stream(flat, 3 * p, 3 * p + 3).boxed().toList());
      }
      return gradients;
    }
  }
}
