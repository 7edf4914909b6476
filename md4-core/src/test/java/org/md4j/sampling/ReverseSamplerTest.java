package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.contract.ReverseSamplerContract;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.schedule.StateDependentSchedule;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.LabelledDenoiser;
import org.md4j.toy.TokenSchedules;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What holds for every sampler, and for every one of ours. */
class ReverseSamplerTest extends ReverseSamplerContract {
  private static final CounterRandom RANDOM = new CounterRandom(31);
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int ROWS = 64;
  private static final int LENGTH = 7;
  private static final int STEPS = 5;

  /** Left-over masks are likely. */
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.cosine().clipped(0.05);

  /** Answers depend on tokens, position, time and label. */
  private static final Denoiser DENOISER =
      LabelledDenoiser.of(
          new ToyDenoiser(VOCABULARY, t -> 2 * t), new ToyDenoiser(VOCABULARY, t -> 3 - t * t));

  private static final List<Decoding> DECODINGS =
      List.of(
          Decoding.of(SCHEDULE),
          Decoding.of(SCHEDULE)
              .withToldTime(ToldTime.OF_VISIBLE_TOKENS)
              .withFilter(LogitFilter.temperature(0.7).andThen(LogitFilter.topK(2))));

  /** Powers far apart, so that candidates are often rejected, and masks left over. */
  private static final List<StateDependentSchedule> STATE_DEPENDENT =
      List.of(
          LearnedPolynomialSchedule.ofPowers(VOCABULARY, 0.3, 1, 4),
          TokenSchedules.of(
              MaskingSchedule.linear().clipped(0.2), SCHEDULE, MaskingSchedule.polynomial(3)));

  @Override
  protected Stream<ReverseSampler> samplers() {
    return Stream.concat(
        DECODINGS.stream().flatMap(ReverseSamplerTest::samplers),
        DECODINGS.stream()
            .flatMap(
                decoding ->
                    STATE_DEPENDENT.stream()
                        .flatMap(schedule -> samplers(schedule, decoding.filter()))));
  }

  private static Stream<ReverseSampler> samplers(
      StateDependentSchedule schedule, LogitFilter filter) {
    return Stream.of(
        new StateDependentStepwiseSampler(schedule, filter, TimeGrid.uniform(STEPS)),
        new StateDependentEventDrivenSampler(schedule, filter, TimeGrid.uniform(STEPS)),
        new StateDependentEventDrivenSampler(schedule, filter, TimeGrid.cosine(40)));
  }

  static Stream<Arguments> samplersWithDecodings() {
    Decoding plain = DECODINGS.get(0);
    return Stream.concat(
        DECODINGS.stream()
            .flatMap(
                decoding -> samplers(decoding).map(sampler -> Arguments.of(sampler, decoding))),
        STATE_DEPENDENT.stream()
            .flatMap(schedule -> samplers(schedule, plain.filter()))
            .map(sampler -> Arguments.of(sampler, plain)));
  }

  private static Stream<ReverseSampler> samplers(Decoding decoding) {
    return Stream.of(
        EventDrivenSampler.ancestral(decoding, TimeGrid.uniform(STEPS)),
        new EventDrivenSampler(decoding, UnmaskingRule.EULER, TimeGrid.cosine(STEPS)),
        new EventDrivenSampler(decoding, UnmaskingRule.TAU_LEAPING, TimeGrid.uniform(40)),
        new StepwiseSampler(decoding, UnmaskingRule.ANCESTRAL, TimeGrid.uniform(STEPS)),
        new FirstHittingSampler(decoding),
        new OrderedSampler(decoding, RevealOrder.CONFIDENCE, TimeGrid.uniform(STEPS)),
        new OrderedSampler(decoding, RevealOrder.MARGIN, TimeGrid.cosine(3)),
        new OrderedSampler(decoding, RevealOrder.ENTROPY, TimeGrid.uniform(40)),
        new FixedOrderSampler(decoding, PositionOrder.dilated(), TimeGrid.uniform(STEPS)),
        new FixedOrderSampler(decoding, PositionOrder.dilated(), TimeGrid.cosine(40)),
        new FixedOrderSampler(decoding, PositionOrder.halton(1, LENGTH, 1), TimeGrid.cosine(3)),
        new EntropyBoundedSampler(decoding, 0),
        new EntropyBoundedSampler(decoding, 1.5),
        new RemaskingSampler(decoding, 0.8, TimeGrid.uniform(STEPS)),
        new RemaskingSampler(decoding, 1, TimeGrid.cosine(12)),
        new PredictorCorrectorSampler(decoding, TimeGrid.uniform(STEPS), 2, 0.2));
  }

  private static int[] labels() {
    return IntStream.range(0, ROWS).map(row -> row / 3 % 2).toArray();
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void timesOfARowNeverRise(ReverseSampler sampler) {
    SamplingTrace trace = new SamplingTrace();
    sampler.sample(
        DENOISER, new SamplingRequest(Rows.of(start()).withLabels(labels()), RANDOM), trace);

    List<Reveal> reveals = byExample(trace.reveals());
    for (int i = 1; i < reveals.size(); i++) {
      Reveal before = reveals.get(i - 1);
      Reveal reveal = reveals.get(i);
      if (reveal.example() == before.example()) {
        assertThat(reveal.time()).isLessThanOrEqualTo(before.time());
      }
    }
  }

  /** A sampler, and the most evaluations it takes for a row of some blanks. */
  private record Limit(ReverseSampler sampler, IntUnaryOperator evaluations) {}

  static Stream<Limit> limits() {
    Decoding decoding = Decoding.of(SCHEDULE);
    TimeGrid few = TimeGrid.uniform(3);
    TimeGrid many = TimeGrid.uniform(100);
    return Stream.of(
        // One more where masks are left over, but never more than tokens.
        new Limit(EventDrivenSampler.ancestral(decoding, few), blanks -> Math.min(3 + 1, blanks)),
        new Limit(EventDrivenSampler.ancestral(decoding, many), blanks -> blanks),
        new Limit(
            new OrderedSampler(decoding, RevealOrder.ENTROPY, few), blanks -> Math.min(3, blanks)),
        new Limit(new OrderedSampler(decoding, RevealOrder.ENTROPY, many), blanks -> blanks),
        new Limit(
            new FixedOrderSampler(decoding, PositionOrder.dilated(), few),
            blanks -> Math.min(3, blanks)),
        new Limit(new FixedOrderSampler(decoding, PositionOrder.dilated(), many), blanks -> blanks),
        new Limit(new FirstHittingSampler(decoding), blanks -> blanks),
        new Limit(new EntropyBoundedSampler(decoding, 0), blanks -> blanks),
        new Limit(new StepwiseSampler(decoding, UnmaskingRule.ANCESTRAL, few), blanks -> 3 + 1),
        new Limit(new RemaskingSampler(decoding, 1, few), blanks -> 3 + 1),
        new Limit(new PredictorCorrectorSampler(decoding, few, 2, 0.5), blanks -> 2 * 3 + 1 + 1),
        new Limit(
            new StateDependentStepwiseSampler(STATE_DEPENDENT.get(1), LogitFilter.none(), few),
            blanks -> 3 + 1),
        new Limit(
            new StateDependentEventDrivenSampler(STATE_DEPENDENT.get(1), LogitFilter.none(), few),
            blanks -> 3 + 1));
  }

  @ParameterizedTest
  @MethodSource("limits")
  void aRowTakesNoMoreEvaluationsThanPromised(Limit limit) {
    for (int row = 0; row < ROWS; row++) {
      TokenBatch start = start().rows(row, row + 1);

      SamplingCost cost =
          limit
              .sampler
              .sample(
                  DENOISER,
                  new SamplingRequest(Rows.of(start).withLabels(1).withFirstExample(row), RANDOM))
              .cost();

      assertThat(cost.evaluations())
          .isEqualTo(cost.rows())
          .isLessThanOrEqualTo(limit.evaluations.applyAsInt(start.maskedPositions().length));
    }
  }

  /** One row a call, so that what is revealed after a question came of it. */
  @ParameterizedTest
  @MethodSource("samplersWithDecodings")
  void theNetworkIsToldTheTimeOfTheStepOrOfTheVisibleTokens(
      ReverseSampler sampler, Decoding decoding) {
    for (int row = 0; row < ROWS; row++) {
      double[] told = new double[1];
      Denoiser asked =
          input -> {
            told[0] = input.times()[0];
            if (decoding.toldTime() == ToldTime.OF_VISIBLE_TOKENS) {
              double visible = 1 - (double) input.tokens().maskedPositions().length / LENGTH;
              assertThat(SCHEDULE.alpha(told[0]))
                  .isCloseTo(
                      Math.max(0.05, Math.min(0.95, visible)), within(Tolerance.EXACT_DOUBLE));
            }
            return DENOISER.logits(input);
          };
      SamplingListener listener =
          new SamplingListener() {
            @Override
            public void onReveal(Reveal reveal) {
              if (decoding.toldTime() == ToldTime.OF_STEP) {
                assertThat(reveal.time()).isEqualTo(told[0]);
              }
            }
          };

      sampler.sample(
          asked,
          new SamplingRequest(
              Rows.of(start().rows(row, row + 1)).withLabels(1).withFirstExample(row), RANDOM),
          listener);
    }
  }

  /** What a reveal reports is of the network's own prediction, whatever the filter. */
  @ParameterizedTest
  @MethodSource("samplers")
  void revealsReportTheUnfilteredPrediction(ReverseSampler sampler) {
    double[] law = {0.2, 0.3, 0.5};
    double entropy = -Arrays.stream(law).map(p -> p * Math.log(p)).sum();
    SamplingTrace trace = new SamplingTrace();

    sampler.sample(
        FixedDenoiser.of(law),
        new SamplingRequest(Rows.of(start()).withLabels(labels()), RANDOM),
        trace);

    assertThat(trace.reveals())
        .isNotEmpty()
        .allSatisfy(
            reveal -> {
              assertThat(reveal.probability())
                  .isCloseTo(law[reveal.token()], within(Tolerance.EXACT_DOUBLE));
              assertThat(reveal.entropy()).isCloseTo(entropy, within(Tolerance.EXACT_DOUBLE));
            });
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void anAnswerInsideAnotherArrayIsReadRight(ReverseSampler sampler) {
    SamplingRequest request =
        new SamplingRequest(
            Rows.of(TokenBatch.allMasked(VOCABULARY, 4, LENGTH)).withLabels(0, 1, 0, 1), RANDOM);
    Denoiser inside =
        input -> {
          INDArray logits = DENOISER.logits(input);
          INDArray larger = Nd4j.ones(logits.dataType(), logits.size(0) + 9, logits.size(1));
          INDArray inner =
              larger.get(NDArrayIndex.interval(9, 9 + logits.size(0)), NDArrayIndex.all());
          return inner.assign(logits);
        };

    assertThat(sampler.sample(inside, request).tokens())
        .isEqualTo(sampler.sample(DENOISER, request).tokens());
  }

  @Test
  void costsAddUp() {
    SamplingCost sum =
        SamplingCost.none()
            .plus(new SamplingCost(1, 20, 300, 40, 0.5))
            .plus(new SamplingCost(2, 10, 100, 20, 1));

    assertThat(sum).isEqualTo(new SamplingCost(3, 30, 400, 60, 1.5));
    assertThat(sum.tokensPerSecond()).isEqualTo(40.0);
  }

  /** The events row by row, each row's in the order they came. */
  private static List<Reveal> byExample(List<Reveal> reveals) {
    return reveals.stream().sorted(Comparator.comparingLong(Reveal::example)).toList();
  }
}
