package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.AncestralLaw;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.Sequences;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AncestralSamplerTest {
  private static final int DRAWS = 50_000;

  /** Expected counts below this are pooled: the chi-square law is a limit. */
  private static final double LEAST_EXPECTED = 5;

  private static final CounterRandom RANDOM = new CounterRandom(20240607);
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final Vocabulary TERNARY = new Vocabulary(3);

  /** {@code sampling/exact_law_pair}. */
  @ParameterizedTest
  @MethodSource("goldenLaws")
  void drawsFollowTheGoldenLaw(JsonNode expected) {
    String id = "sampling/exact_law_pair";
    double[] joint = flat(GoldenVectors.inputs(id).get("P"));
    Denoiser denoiser = new ExactDenoiser(BINARY, 2, joint);
    TimeGrid grid = TimeGridTest.grid(expected.get("grid").textValue());
    int steps = expected.get("T").intValue();
    double[] law = flat(expected.get("law"));

    double[] enumerated =
        new AncestralLaw(denoiser, MaskingSchedule.linear(), grid, steps, BINARY).sampled(2, 2);
    for (int i = 0; i < law.length; i++) {
      assertThat(enumerated[i]).isCloseTo(law[i], within(Tolerance.EXACT_DOUBLE));
    }
    assertFollows(
        law,
        denoiser,
        new AncestralSampler(MaskingSchedule.linear(), grid, steps),
        BINARY,
        new int[] {2, 2});
  }

  static Stream<JsonNode> goldenLaws() {
    List<JsonNode> rows = new ArrayList<>();
    GoldenVectors.expected("sampling/exact_law_pair").forEach(rows::add);
    return rows.stream();
  }

  /** A predictor that sees the time, three tokens of three values, clipping that leaves masks. */
  @ParameterizedTest
  @MethodSource("samplers")
  void drawsFollowTheEnumeratedLaw(AncestralSampler sampler) {
    Denoiser denoiser = new ToyDenoiser(TERNARY, t -> 3 * t);
    int[] start = {3, 3, 3};
    double[] law =
        new AncestralLaw(denoiser, sampler.schedule(), sampler.grid(), sampler.steps(), TERNARY)
            .sampled(start);

    assertFollows(law, denoiser, sampler, TERNARY, start);
  }

  static List<AncestralSampler> samplers() {
    List<AncestralSampler> samplers = new ArrayList<>();
    for (TimeGrid grid : List.of(TimeGrid.uniform(), TimeGrid.cosine())) {
      for (int steps : new int[] {1, 2, 4, 16, 64}) {
        samplers.add(new AncestralSampler(MaskingSchedule.linear().clipped(0.1), grid, steps));
        samplers.add(new AncestralSampler(MaskingSchedule.cosine(), grid, steps));
      }
    }
    return samplers;
  }

  @Test
  void completionsOfGivenTokensFollowTheEnumeratedLaw() {
    Denoiser denoiser = new ToyDenoiser(TERNARY);
    AncestralSampler sampler =
        new AncestralSampler(MaskingSchedule.reference(), TimeGrid.uniform(), 3);
    int[] start = {3, 1, 3};
    double[] law =
        new AncestralLaw(denoiser, sampler.schedule(), sampler.grid(), sampler.steps(), TERNARY)
            .sampled(start);

    assertFollows(law, denoiser, sampler, TERNARY, start);
  }

  private static void assertFollows(
      double[] law,
      Denoiser denoiser,
      AncestralSampler sampler,
      Vocabulary vocabulary,
      int[] start) {
    int[][] rows = new int[DRAWS][];
    Arrays.fill(rows, start);
    TokenBatch drawn =
        sampler.sample(
            denoiser, TokenBatch.of(vocabulary, rows), 0, RANDOM, SamplingListener.none());
    long[] counts = new long[law.length];
    for (int b = 0; b < DRAWS; b++) {
      counts[Sequences.index(drawn.row(b), vocabulary.size())]++;
    }
    int[] cells = IntStream.range(0, law.length).filter(i -> law[i] > 0).toArray();
    assertThat(Arrays.stream(cells).mapToLong(i -> counts[i]).sum())
        .as("draws that can be")
        .isEqualTo(DRAWS);
    double[] expected = new double[cells.length];
    long[] observed = new long[cells.length];
    int used = 0;
    for (int i : cells) {
      // Pools a rare sequence with the one before it.
      int cell = law[i] * DRAWS < LEAST_EXPECTED && used > 0 ? used - 1 : used++;
      expected[cell] += law[i] * DRAWS;
      observed[cell] += counts[i];
    }
    double p =
        new ChiSquareTest()
            .chiSquareTest(Arrays.copyOf(expected, used), Arrays.copyOf(observed, used));
    assertThat(p).as("%s", sampler).isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  /** {@code sampling/residual_mask}. */
  @Test
  void masksAreLeftOverWithTheGoldenProbability() {
    String id = "sampling/residual_mask";
    double epsilon = GoldenVectors.inputs(id).get("eps").doubleValue();
    for (JsonNode expected : GoldenVectors.expected(id)) {
      int steps = expected.get("T").intValue();
      for (TimeGrid grid : List.of(TimeGrid.uniform(), TimeGrid.cosine())) {
        for (MaskingSchedule base : List.of(MaskingSchedule.linear(), MaskingSchedule.cosine())) {
          ForwardProcess process = new ForwardProcess(base.clipped(epsilon));
          double left = 1;
          for (int step = 0; step < steps; step++) {
            left *=
                process.stayMaskedProbability(grid.time(step + 1, steps), grid.time(step, steps));
          }
          GoldenVectors.assertMatches(id, base + ", " + grid, left, expected.get("p_still_masked"));
        }
      }
    }
  }

  @Test
  void leftOverMasksAreFilledWithTheLikeliestTokenAtTimeZero() {
    double epsilon = 0.4;
    int rows = 2000;
    AncestralSampler sampler =
        new AncestralSampler(MaskingSchedule.linear().clipped(epsilon), TimeGrid.uniform(), 4);
    List<DenoiserInput> questions = new ArrayList<>();
    // Token 2 is the likeliest only at t = 0.
    Denoiser denoiser =
        input -> {
          questions.add(input);
          double[][] logits = new double[input.positions().length][];
          Arrays.fill(
              logits,
              input.times()[0] == 0 ? new double[] {0, -1, 0.5} : new double[] {1, 1, -100});
          return Nd4j.createFromArray(logits);
        };
    List<TokenBatch> seen = new ArrayList<>();

    TokenBatch drawn =
        sampler.sample(
            denoiser,
            TokenBatch.allMasked(TERNARY, rows, 1),
            0,
            RANDOM,
            (step, steps, tokens) -> seen.add(tokens));

    assertThat(drawn.maskedPositions()).isEmpty();
    assertThat(seen).hasSize(5);
    assertThat(seen.get(4)).isEqualTo(drawn);
    int[] left = seen.get(3).maskedPositions();
    double share = epsilon / (1 - epsilon);
    assertThat((double) left.length / rows)
        .isCloseTo(
            share, within(Tolerance.SIGMAS * Math.sqrt(share * (1 - share) / (double) rows)));
    for (int i = 0; i < rows; i++) {
      assertThat(drawn.token(i) == 2).isEqualTo(seen.get(3).isMasked(i));
    }
    DenoiserInput last = questions.get(questions.size() - 1);
    assertThat(last.times()).hasSize(left.length).containsOnly(0.0);
    assertThat(last.tokens()).isEqualTo(TokenBatch.allMasked(TERNARY, left.length, 1));
  }

  @Test
  void manyLogitsAreReadInBlocksOfPositions() {
    Vocabulary large = new Vocabulary(400_000);
    Denoiser certain =
        input -> {
          INDArray logits = Nd4j.zeros(DataType.FLOAT, input.positions().length, large.size());
          for (int i = 0; i < input.positions().length; i++) {
            logits.putScalar(i, 70_000L * input.positions()[i] + 3, 1000);
          }
          return logits;
        };

    TokenBatch drawn =
        new AncestralSampler(MaskingSchedule.linear(), TimeGrid.uniform(), 1)
            .sample(certain, TokenBatch.allMasked(large, 1, 5), 0, RANDOM, SamplingListener.none());

    assertThat(drawn.row(0)).containsExactly(3, 70_003, 140_003, 210_003, 280_003);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64})
  void rowsAreTheSameToTheBitWhateverTheBatch(int batchSize) {
    int rows = 64;
    AncestralSampler sampler =
        new AncestralSampler(MaskingSchedule.linear().clipped(0.05), TimeGrid.cosine(), 5);
    Denoiser denoiser = new ToyDenoiser(TERNARY, t -> t);
    TokenBatch start = TokenBatch.allMasked(TERNARY, rows, 6);
    TokenBatch whole = sampler.sample(denoiser, start, 100, RANDOM, SamplingListener.none());

    for (int from = 0; from < rows; from += batchSize) {
      int to = Math.min(rows, from + batchSize);
      TokenBatch part =
          sampler.sample(
              denoiser, start.rows(from, to), 100 + from, RANDOM, SamplingListener.none());
      assertThat(part).isEqualTo(whole.rows(from, to));
    }
  }

  @Test
  void anotherSeedOrExampleGivesOtherRows() {
    AncestralSampler sampler =
        new AncestralSampler(MaskingSchedule.reference(), TimeGrid.uniform(), 4);
    Denoiser denoiser = FixedDenoiser.uniform(3);
    TokenBatch start = TokenBatch.allMasked(TERNARY, 4, 30);

    TokenBatch drawn = sampler.sample(denoiser, start, 0, RANDOM, SamplingListener.none());

    assertThat(sampler.sample(denoiser, start, 4, RANDOM, SamplingListener.none()))
        .isNotEqualTo(drawn);
    assertThat(sampler.sample(denoiser, start, 0, new CounterRandom(2), SamplingListener.none()))
        .isNotEqualTo(drawn);
    assertThat(drawn.row(0)).isNotEqualTo(drawn.row(1));
  }

  @Test
  void givenTokensNeverChange() {
    AncestralSampler sampler =
        new AncestralSampler(MaskingSchedule.linear().clipped(0.2), TimeGrid.uniform(), 6);
    TokenBatch start = TokenBatch.of(TERNARY, new int[] {3, 0, 3, 2, 3}, new int[] {1, 3, 3, 3, 1});
    List<TokenBatch> seen = new ArrayList<>();

    sampler.sample(
        new ToyDenoiser(TERNARY), start, 0, RANDOM, (step, steps, tokens) -> seen.add(tokens));

    TokenBatch before = start;
    for (TokenBatch after : seen) {
      for (int i = 0; i < 10; i++) {
        if (!before.isMasked(i)) {
          assertThat(after.token(i)).as("a token once there stays").isEqualTo(before.token(i));
        }
      }
      before = after;
    }
    assertThat(before.maskedPositions()).isEmpty();
  }

  @Test
  void rowsWithoutMasksComeBackWithoutAQuestion() {
    TokenBatch start = TokenBatch.of(TERNARY, new int[] {0, 1, 2});
    Denoiser never =
        input -> {
          throw new AssertionError("asked");
        };

    TokenBatch drawn =
        new AncestralSampler(MaskingSchedule.reference(), TimeGrid.uniform(), 3)
            .sample(never, start, 0, RANDOM, SamplingListener.none());

    assertThat(drawn).isEqualTo(start);
  }

  @Test
  void asksOnlyAboutPositionsAndRowsRevealedInTheStepAtTheTimeOfTheStep() {
    int steps = 40;
    AncestralSampler sampler =
        new AncestralSampler(MaskingSchedule.linear(), TimeGrid.cosine(), steps);
    TokenBatch start = TokenBatch.allMasked(TERNARY, 2, 4);
    List<DenoiserInput> questions = new ArrayList<>();
    Denoiser toy = new ToyDenoiser(TERNARY);
    List<TokenBatch> seen = new ArrayList<>();
    seen.add(start);

    sampler.sample(
        input -> {
          questions.add(input);
          return toy.logits(input);
        },
        start,
        0,
        RANDOM,
        (step, total, tokens) -> {
          assertThat(step).isEqualTo(seen.size());
          assertThat(total).isEqualTo(steps);
          seen.add(tokens);
        });

    assertThat(seen).hasSize(steps + 1);
    assertThat(questions).hasSizeLessThanOrEqualTo(8);
    int question = 0;
    for (int step = 0; step < steps; step++) {
      TokenBatch before = seen.get(step);
      TokenBatch after = seen.get(step + 1);
      List<int[]> rows = new ArrayList<>();
      List<Integer> positions = new ArrayList<>();
      for (int row = 0; row < 2; row++) {
        for (int n = 0; n < 4; n++) {
          if (before.token(row, n) != after.token(row, n)) {
            positions.add(4 * rows.size() + n);
          }
        }
        if (!Arrays.equals(before.row(row), after.row(row))) {
          rows.add(before.row(row));
        }
      }
      if (!rows.isEmpty()) {
        DenoiserInput input = questions.get(question++);
        assertThat(input.tokens()).isEqualTo(TokenBatch.of(TERNARY, rows.toArray(new int[0][])));
        assertThat(Arrays.stream(input.positions()).boxed().toList()).isEqualTo(positions);
        assertThat(input.times()).containsOnly(TimeGrid.cosine().time(step, steps));
      }
    }
    assertThat(question).isEqualTo(questions.size());
  }

  /** The rule of a step, spelled out for one position. */
  @Test
  void revealsWhereTheUniformOfTheStepIsBelowTheProbability() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    AncestralSampler sampler = new AncestralSampler(schedule, TimeGrid.uniform(), 2);
    List<TokenBatch> seen = new ArrayList<>();

    sampler.sample(
        FixedDenoiser.of(0.2, 0.3, 0.5),
        TokenBatch.allMasked(TERNARY, 50, 2),
        7,
        RANDOM,
        (step, steps, tokens) -> seen.add(tokens));

    double probability = (schedule.alpha(0.5) - schedule.alpha(1)) / (1 - schedule.alpha(1));
    for (int i = 0; i < 100; i++) {
      int row = 7 + i / 2;
      boolean reveals = RANDOM.uniforms(Purpose.UNMASK, 0).at(row, i % 2) < probability;
      assertThat(!seen.get(0).isMasked(i)).isEqualTo(reveals);
      if (reveals) {
        double u = RANDOM.uniforms(Purpose.TOKEN, 0).at(row, i % 2);
        assertThat(seen.get(0).token(i)).isEqualTo(u < 0.2 ? 0 : u < 0.5 ? 1 : 2);
      }
    }
  }

  @Test
  void rejectsWhatCannotBe() {
    AncestralSampler sampler =
        new AncestralSampler(MaskingSchedule.reference(), TimeGrid.uniform(), 2);
    TokenBatch start = TokenBatch.allMasked(TERNARY, 1, 2);

    assertThatThrownBy(
            () -> new AncestralSampler(MaskingSchedule.reference(), TimeGrid.uniform(), 0))
        .hasMessage("steps (0) must be at least 1");
    assertThatThrownBy(
            () ->
                sampler.sample(
                    FixedDenoiser.uniform(3), start, -1, RANDOM, SamplingListener.none()))
        .hasMessage("firstExample (-1) must be at least 0");
    assertThatThrownBy(
            () ->
                sampler.sample(FixedDenoiser.uniform(4), start, 0, RANDOM, SamplingListener.none()))
        .hasMessageStartingWith("logits of the denoiser must have shape [P, V] = [")
        .hasMessageEndingWith(", 4]");
  }

  /** [2][2] -> [4]. */
  private static double[] flat(JsonNode rows) {
    List<Double> numbers = new ArrayList<>();
    rows.forEach(row -> row.forEach(number -> numbers.add(number.doubleValue())));
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
