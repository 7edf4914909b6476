package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.SamplerLaws;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EventDrivenSamplerTest {
  private static final CounterRandom RANDOM = new CounterRandom(20240607);
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final Vocabulary TERNARY = new Vocabulary(3);

  /** {@code sampling/exact_law_pair}. */
  @ParameterizedTest
  @MethodSource("goldenLaws")
  void drawsFollowTheGoldenLaw(JsonNode expected) {
    double[] joint = flat(GoldenVectors.inputs("sampling/exact_law_pair").get("P"));
    Denoiser denoiser = new ExactDenoiser(BINARY, 2, joint);
    TimeGrid grid =
        TimeGridTest.grid(expected.get("grid").textValue(), expected.get("T").intValue());
    double[] law = flat(expected.get("law"));

    double[] enumerated =
        new SamplerLaws(denoiser, MaskingSchedule.linear(), BINARY).ancestral(grid, 2, 2);
    for (int i = 0; i < law.length; i++) {
      assertThat(enumerated[i]).isCloseTo(law[i], within(Tolerance.EXACT_DOUBLE));
    }
    new SampledLaw(ancestral(MaskingSchedule.linear(), grid), denoiser, BINARY)
        .assertFollows(law, 2, 2);
  }

  static Stream<JsonNode> goldenLaws() {
    List<JsonNode> rows = new ArrayList<>();
    GoldenVectors.expected("sampling/exact_law_pair").forEach(rows::add);
    return rows.stream();
  }

  /** {@code sampling/residual_mask}. */
  @Test
  void masksAreLeftOverWithTheGoldenProbability() {
    String id = "sampling/residual_mask";
    double epsilon = GoldenVectors.inputs(id).get("eps").doubleValue();
    for (JsonNode expected : GoldenVectors.expected(id)) {
      int steps = expected.get("T").intValue();
      for (TimeGrid grid : List.of(TimeGrid.uniform(steps), TimeGrid.cosine(steps))) {
        for (MaskingSchedule base : List.of(MaskingSchedule.linear(), MaskingSchedule.cosine())) {
          ForwardProcess process = new ForwardProcess(base.clipped(epsilon));
          double left = 1;
          for (int step = 0; step < steps; step++) {
            left *= process.stayMaskedProbability(grid.time(step + 1), grid.time(step));
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
    // Token 2 is the likeliest only at t = 0.
    Denoiser denoiser =
        input -> {
          double[][] logits = new double[input.positions().length][];
          for (int i = 0; i < logits.length; i++) {
            logits[i] =
                input.times()[input.positions()[i]] == 0
                    ? new double[] {0, -1, 0.5}
                    : new double[] {1, 1, -100};
          }
          return Nd4j.createFromArray(logits);
        };
    SamplingTrace trace = new SamplingTrace();

    TokenBatch drawn =
        ancestral(MaskingSchedule.linear().clipped(epsilon), TimeGrid.uniform(4))
            .sample(
                denoiser, SamplingRequest.of(TokenBatch.allMasked(TERNARY, rows, 1), RANDOM), trace)
            .tokens();

    double share = epsilon / (1 - epsilon);
    List<Reveal> left = trace.reveals().stream().filter(reveal -> reveal.step() == 5).toList();
    assertThat((double) left.size() / rows)
        .isCloseTo(
            share, within(Tolerance.SIGMAS * Math.sqrt(share * (1 - share) / (double) rows)));
    assertThat(left).allMatch(reveal -> reveal.token() == 2 && reveal.time() == 0);
    assertThat(Arrays.stream(drawn.toFlat()).filter(token -> token == 2)).hasSize(left.size());
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
        ancestral(MaskingSchedule.linear(), TimeGrid.uniform(1))
            .sample(certain, SamplingRequest.of(TokenBatch.allMasked(large, 1, 5), RANDOM))
            .tokens();

    assertThat(drawn.row(0)).containsExactly(3, 70_003, 140_003, 210_003, 280_003);
  }

  @Test
  void asksOnceAnEventAboutThePositionsItRevealsAtTheTimeOfItsStep() {
    TimeGrid grid = TimeGrid.cosine(40);
    TokenBatch start = TokenBatch.of(TERNARY, new int[] {3, 3, 1, 3}, new int[] {3, 3, 3, 3});
    List<DenoiserInput> questions = new ArrayList<>();
    List<List<Reveal>> rounds = new ArrayList<>();
    List<TokenBatch> seen = new ArrayList<>(List.of(start));
    List<Reveal> round = new ArrayList<>();
    Denoiser toy = new ToyDenoiser(TERNARY);

    SamplingResult result =
        ancestral(MaskingSchedule.linear(), grid)
            .sample(
                input -> {
                  questions.add(input);
                  return toy.logits(input);
                },
                SamplingRequest.of(start, RANDOM),
                new SamplingListener() {
                  @Override
                  public void onReveal(Reveal reveal) {
                    round.add(reveal);
                  }

                  @Override
                  public void onRound(TokenBatch tokens) {
                    rounds.add(List.copyOf(round));
                    round.clear();
                    seen.add(tokens);
                  }
                });

    assertThat(questions).hasSameSizeAs(rounds).hasSizeLessThanOrEqualTo(4);
    for (int i = 0; i < rounds.size(); i++) {
      DenoiserInput input = questions.get(i);
      int[] rows = rounds.get(i).stream().mapToInt(r -> (int) r.example()).distinct().toArray();
      assertThat(input.tokens().rows()).isEqualTo(rows.length);
      List<Integer> positions = new ArrayList<>();
      for (int asked = 0; asked < rows.length; asked++) {
        assertThat(input.tokens().row(asked)).isEqualTo(seen.get(i).row(rows[asked]));
        for (Reveal reveal : rounds.get(i)) {
          if (reveal.example() == rows[asked]) {
            assertThat(reveal.time()).isEqualTo(grid.time(reveal.step() - 1));
            assertThat(input.times()[asked]).isEqualTo(reveal.time());
            positions.add(4 * asked + reveal.position());
          }
        }
      }
      assertThat(Arrays.stream(input.positions()).boxed().toList()).isEqualTo(positions);
    }
    assertThat(result.tokens()).isEqualTo(seen.get(seen.size() - 1));
    assertThat(result.cost().evaluations()).isEqualTo(questions.size());
    assertThat(result.cost().rows())
        .isEqualTo(questions.stream().mapToInt(input -> input.times().length).sum());
    assertThat(result.cost().positions()).isEqualTo(7);
    assertThat(result.cost().tokens()).isEqualTo(7);
  }

  /** The rule of the draws, spelled out. */
  @Test
  void oneUniformDecidesTheStepAndOneTheToken() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    SamplingTrace trace = new SamplingTrace();

    ancestral(schedule, TimeGrid.uniform(2))
        .sample(
            FixedDenoiser.of(0.2, 0.3, 0.5),
            new SamplingRequest(
                Rows.of(TokenBatch.allMasked(TERNARY, 50, 2)).withFirstExample(7), RANDOM),
            trace);

    double first = (schedule.alpha(0.5) - schedule.alpha(1)) / (1 - schedule.alpha(1));
    assertThat(trace.reveals()).hasSize(100);
    for (Reveal reveal : trace.reveals()) {
      double when = RANDOM.uniforms(Purpose.UNMASK, 0).at(reveal.example(), reveal.position());
      assertThat(reveal.step()).isEqualTo(when < first ? 1 : 2);
      double what =
          RANDOM.uniforms(Purpose.TOKEN, reveal.step()).at(reveal.example(), reveal.position());
      assertThat(reveal.token()).isEqualTo(what < 0.2 ? 0 : what < 0.5 ? 1 : 2);
    }
  }

  @Test
  void anotherSeedOrExampleGivesOtherRows() {
    EventDrivenSampler sampler = ancestral(MaskingSchedule.reference(), TimeGrid.uniform(4));
    Denoiser denoiser = FixedDenoiser.uniform(3);
    Rows start = Rows.of(TokenBatch.allMasked(TERNARY, 4, 30));

    TokenBatch drawn = sampler.sample(denoiser, new SamplingRequest(start, RANDOM)).tokens();

    assertThat(
            sampler
                .sample(denoiser, new SamplingRequest(start.withFirstExample(4), RANDOM))
                .tokens())
        .isNotEqualTo(drawn);
    assertThat(sampler.sample(denoiser, new SamplingRequest(start, new CounterRandom(2))).tokens())
        .isNotEqualTo(drawn);
    assertThat(drawn.row(0)).isNotEqualTo(drawn.row(1));
  }

  @Test
  void rowsWithoutMasksComeBackWithoutAQuestion() {
    TokenBatch start = TokenBatch.of(TERNARY, new int[] {0, 1, 2});
    Denoiser never =
        input -> {
          throw new AssertionError("asked");
        };

    SamplingResult result =
        ancestral(MaskingSchedule.reference(), TimeGrid.uniform(3))
            .sample(never, SamplingRequest.of(start, RANDOM));

    assertThat(result.tokens()).isEqualTo(start);
    assertThat(result.cost().tokensPerSecond()).isZero();
  }

  @Test
  void rejectsWhatCannotBe() {
    SamplingRequest request = SamplingRequest.of(TokenBatch.allMasked(TERNARY, 1, 2), RANDOM);

    assertThatThrownBy(() -> request.start().withFirstExample(-1))
        .hasMessage("firstExample (-1) must be at least 0");
    assertThatThrownBy(() -> request.start().withLabels(1, 2))
        .hasMessage("labels must be empty or have shape [B] = [1], got [2]");
    assertThatThrownBy(
            () ->
                ancestral(MaskingSchedule.reference(), TimeGrid.uniform(2))
                    .sample(input -> Nd4j.zeros(input.positions().length, 4), request))
        .hasMessageStartingWith("logits of the denoiser must have shape [P, V] = [")
        .hasMessageEndingWith(", 4]");
  }

  private static EventDrivenSampler ancestral(MaskingSchedule schedule, TimeGrid grid) {
    return EventDrivenSampler.ancestral(Decoding.of(schedule), grid);
  }

  /** [2][2] -> [4]. */
  private static double[] flat(JsonNode rows) {
    List<Double> numbers = new ArrayList<>();
    rows.forEach(row -> row.forEach(number -> numbers.add(number.doubleValue())));
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
