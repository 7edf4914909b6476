package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.ToyDenoiser;

/**
 * Positions a network is asked about only to fill its question up change nothing. The proof is the
 * same rows one by one: their questions are too small to be filled up.
 */
class FilledQuestionTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int ROWS = 13;
  private static final int LENGTH = 31;
  private static final double SCALE = 0.3;

  /** Rounding of sums of 400 numbers of size up to 100. */
  private static final double ROUNDING = 1e4 * Tolerance.EXACT_DOUBLE;

  /** The logits' gradients are exact but for the type. */
  private static final double GRADIENT_ROUNDING = 10 * Tolerance.EXACT_DOUBLE;

  private static final TokenBatch CLEAN =
      TokenBatch.ofFlat(VOCABULARY, ROWS, new Random(4).ints((long) ROWS * LENGTH, 0, 3).toArray());
  private static final double[] LEVELS =
      IntStream.range(0, ROWS).mapToDouble(b -> (b + 0.37) / ROWS).toArray();
  private static final Uniforms MASKS = new CounterRandom(5).uniforms(Purpose.MASK, 0);
  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 0);

  private static List<Objective> objectives() {
    StateDependentElbo stateDependent =
        StateDependentElbo.of(LearnedPolynomialSchedule.of(VOCABULARY, 0.01, -0.5, 0.5, 1.8));
    return List.of(
        new ContinuousTimeElbo(MaskingSchedule.linear().clipped(1e-4)),
        ScoreEntropyElbo.reference(),
        HybridElbo.reference(),
        stateDependent,
        stateDependent.withMaskSamples(MaskSamples.PAIR_IN_TURN),
        stateDependent.withMaskSamples(MaskSamples.SINGLE));
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void lossAndGradientsAreThoseOfTheRowsOneByOne(Objective objective) {
    TrainingLoss whole = objective.trainingLoss(new LogitWorkspace());
    TrainingLoss single = objective.trainingLoss(new LogitWorkspace());
    GradientRecorder filled = new GradientRecorder(denoiser());
    GradientRecorder exact = new GradientRecorder(denoiser());

    add(whole, filled, 0, ROWS);
    IntStream.range(0, ROWS).forEach(b -> add(single, exact, b, b + 1));

    assertThat(unmasked(filled)).isPositive();
    assertThat(unmasked(exact)).isZero();
    assertThat(whole.nats()).isCloseTo(single.nats(), within(ROUNDING));
    if (whole instanceof StateDependentLoss one && single instanceof StateDependentLoss other) {
      assertThat(one.surrogate()).isCloseTo(other.surrogate(), within(ROUNDING));
      assertThat(one.parameterGradient())
          .containsExactly(other.parameterGradient(), within(ROUNDING));
    }
    Map<List<Object>, double[]> expected = gradients(exact);
    gradients(filled)
        .forEach(
            (question, gradient) ->
                assertThat(gradient)
                    .as("%s", question)
                    .containsExactly(
                        expected.getOrDefault(question, new double[VOCABULARY.size()]),
                        within(GRADIENT_ROUNDING)));
    assertThat(gradients(filled).keySet()).containsAll(expected.keySet());
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void estimateIsThatOfTheRowsOneByOne(Objective objective) {
    NoisedBatch batch = objective.noise(Rows.of(CLEAN), LEVELS, MASKS);
    GradientRecorder network = new GradientRecorder(denoiser());
    Denoiser recorded = input -> network.forwardForTraining(input, DROPOUT);

    List<ElboTerms> whole = objective.estimate(batch, recorded);

    assertThat(unmasked(network)).isPositive();
    for (int b = 0; b < ROWS; b++) {
      ElboTerms single = objective.estimate(batch.part(b, b + 1), denoiser()).get(0);
      assertThat(whole.get(b).diffusion()).isCloseTo(single.diffusion(), within(ROUNDING));
    }
  }

  private static Denoiser denoiser() {
    return new ToyDenoiser(VOCABULARY, t -> 2 * t);
  }

  private static void add(TrainingLoss loss, GradientRecorder network, int from, int to) {
    loss.add(
        network,
        new TrainingRows(
            Rows.of(CLEAN.rows(from, to)).withFirstExample(from),
            Arrays.copyOfRange(LEVELS, from, to),
            MASKS,
            DROPOUT),
        SCALE);
  }

  /** How many positions were asked about that no mask is at. */
  private static long unmasked(GradientRecorder network) {
    return network.questions().stream()
        .mapToLong(
            question ->
                Arrays.stream(question.positions())
                    .filter(cell -> !question.tokens().isMasked(cell))
                    .count())
        .sum();
  }

  /** The gradients of the logits by what was asked: the noisy row, its time and the position. */
  private static Map<List<Object>, double[]> gradients(GradientRecorder network) {
    Map<List<Object>, double[]> gradients = new HashMap<>();
    int size = VOCABULARY.size();
    for (int q = 0; q < network.questions().size(); q++) {
      DenoiserInput question = network.questions().get(q);
      for (int p = 0; p < question.positions().length; p++) {
        int row = question.positions()[p] / LENGTH;
        gradients.merge(
            List.of(
                Arrays.toString(question.tokens().row(row)),
                question.times()[row],
                question.positions()[p] % LENGTH),
            Arrays.copyOfRange(network.gradients().get(q), p * size, (p + 1) * size),
            FilledQuestionTest::sum);
      }
    }
    return gradients;
  }

  private static double[] sum(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
  }
}
