package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.FixedOrderSampler;
import org.md4j.sampling.OrderedSampler;
import org.md4j.sampling.PositionOrder;
import org.md4j.sampling.RevealOrder;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.ToldTime;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.Sequences;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class PolicyLikelihoodTest {
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.reference();
  private static final int DRAWS = 4_000;

  static Stream<Arguments> policies() {
    return SmallModel.all().stream()
        .flatMap(
            model ->
                IntStream.rangeClosed(1, model.length())
                    .boxed()
                    .flatMap(
                        tokens ->
                            Stream.concat(
                                Arrays.stream(RevealOrder.values())
                                    .map(
                                        order ->
                                            Arguments.of(
                                                model,
                                                order.name(),
                                                tokens,
                                                UnmaskingPolicy.of(order, tokens))),
                                Stream.of(
                                    Arguments.of(
                                        model,
                                        "left to right",
                                        tokens,
                                        UnmaskingPolicy.leftToRight(tokens)),
                                    Arguments.of(
                                        model,
                                        "dilated",
                                        tokens,
                                        UnmaskingPolicy.of(
                                            PositionOrder.dilated(), model.length(), tokens)),
                                    Arguments.of(
                                        model,
                                        "halton",
                                        tokens,
                                        UnmaskingPolicy.of(
                                            PositionOrder.halton(model.length(), 1, 1),
                                            model.length(),
                                            tokens))))));
  }

  @ParameterizedTest(name = "{0}, {1}, {2} a step")
  @MethodSource("policies")
  void probabilitiesOfAllRowsSumToOne(
      SmallModel model, String name, int tokens, UnmaskingPolicy policy) {
    TokenBatch rows = model.everyRow();

    RowLikelihoods likelihoods =
        new PolicyLikelihood(model.denoiser(), SCHEDULE, policy).of(Rows.of(rows));

    assertThat(Arrays.stream(likelihoods.nats()).map(n -> Math.exp(-n)).sum())
        .isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
    int steps = (model.length() + tokens - 1) / tokens;
    assertThat(likelihoods.evaluations()).isEqualTo((long) steps * rows.rows());
  }

  @Test
  void leftToRightIsTheChainRuleInThatOrder() {
    SmallModel model = SmallModel.toldTime(3, 3);
    TokenBatch rows = model.everyRow();

    double[] nats =
        new PolicyLikelihood(model.denoiser(), SCHEDULE, UnmaskingPolicy.leftToRight(1))
            .of(Rows.of(rows))
            .nats();

    assertThat(nats)
        .containsExactly(
            new ChainRule(model.denoiser(), SCHEDULE).inOrder(Rows.of(rows), 0, 1, 2).nats(),
            within(Tolerance.EXACT_DOUBLE));
  }

  /** One by one, dilated: ranks 0, 2, 1, 3; the pixels of 2 x 2: 2, 1, 0, 3. */
  @Test
  void aFixedOrderIsTheChainRuleInThatOrder() {
    SmallModel model = SmallModel.toldTime(2, 4);
    Rows rows = Rows.of(model.everyRow());
    ChainRule chainRule = new ChainRule(model.denoiser(), SCHEDULE);

    assertThat(nats(model, UnmaskingPolicy.of(PositionOrder.dilated(), 4, 1)))
        .containsExactly(
            chainRule.inOrder(rows, 0, 2, 1, 3).nats(), within(Tolerance.EXACT_DOUBLE));
    assertThat(nats(model, UnmaskingPolicy.of(PositionOrder.halton(2, 2, 1), 4, 1)))
        .containsExactly(
            chainRule.inOrder(rows, 2, 1, 0, 3).nats(), within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void aFixedOrderIsRevealedInGroups() {
    UnmaskingPolicy threes = UnmaskingPolicy.of(PositionOrder.of(4, 0, 3, 6, 1, 5, 2), 7, 3);
    double[] unread = new double[0];

    assertThat(threes.next(new int[] {0, 1, 2, 3, 4, 5, 6}, unread)).containsExactly(0, 3, 4);
    assertThat(threes.next(new int[] {1, 2, 5, 6}, unread)).containsExactly(1, 5, 6);
    assertThat(threes.next(new int[] {2}, unread)).containsExactly(2);
  }

  /** A policy that knows its path: what each step costs, by hand. */
  @Test
  void aStepCostsItsPositionsGivenWhatWasVisibleBeforeIt() {
    SmallModel model = SmallModel.exact(2, 3);
    double[] joint = ((ExactDenoiser) model.denoiser()).joint();
    UnmaskingPolicy policy =
        (masked, logits) -> masked.length == 3 ? new int[] {2} : new int[] {0, 1};
    int[] row = {1, 0, 1};

    double nats =
        new PolicyLikelihood(model.denoiser(), SCHEDULE, policy)
            .of(Rows.of(TokenBatch.of(model.vocabulary(), row)))
            .nats()[0];

    double last = joint[1] + joint[3] + joint[5] + joint[7];
    double first = (joint[5] + joint[7]) / last;
    double middle = (joint[1] + joint[5]) / last;
    assertThat(Math.exp(-nats)).isCloseTo(last * first * middle, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void surestPositionsComeFirst() {
    // Position 1: sure. Position 3: two tokens nearly as likely. Position 4: three.
    int[] masked = {1, 3, 4};
    double[] logits = {5, 0, 0, 3, 2.9, -9, 1, 0.8, 0.8};

    for (RevealOrder order : RevealOrder.values()) {
      assertThat(UnmaskingPolicy.of(order, 1).next(masked, logits)).containsExactly(1);
      assertThat(UnmaskingPolicy.of(order, 5).next(masked, logits))
          .containsExactlyInAnyOrder(1, 3, 4);
    }
    assertThat(UnmaskingPolicy.of(RevealOrder.CONFIDENCE, 2).next(masked, logits))
        .containsExactlyInAnyOrder(1, 3);
    assertThat(UnmaskingPolicy.of(RevealOrder.ENTROPY, 2).next(masked, logits))
        .containsExactlyInAnyOrder(1, 3);
    assertThat(UnmaskingPolicy.of(RevealOrder.MARGIN, 2).next(masked, logits))
        .containsExactlyInAnyOrder(1, 4);
  }

  @Test
  void tiesGoToTheLowestPosition() {
    double[] logits = new double[6];

    for (RevealOrder order : RevealOrder.values()) {
      assertThat(UnmaskingPolicy.of(order, 2).next(new int[] {2, 5, 7}, logits))
          .containsExactlyInAnyOrder(2, 5);
    }
  }

  @Test
  void networkIsToldTheVisibleFraction() {
    SmallModel model = SmallModel.timeFree(2, 4);
    List<Double> alphas = new ArrayList<>();
    Denoiser recording =
        input -> {
          alphas.add(MaskingSchedule.linear().alpha(input.times()[0]));
          return model.denoiser().logits(input);
        };

    new PolicyLikelihood(recording, MaskingSchedule.linear(), UnmaskingPolicy.leftToRight(1))
        .of(Rows.of(TokenBatch.of(model.vocabulary(), new int[] {0, 1, 1, 0})));

    assertThat(alphas).containsExactly(0.0, 0.25, 0.5, 0.75);
  }

  /** The likelihood is that of what the sampler draws, with one token a step and with two. */
  @ParameterizedTest
  @EnumSource
  void likelihoodIsTheLawOfTheOrderedSampler(RevealOrder order) {
    SmallModel model = SmallModel.toldTime(2, 4);
    MaskingSchedule linear = MaskingSchedule.linear();
    for (int tokens : new int[] {1, 2}) {
      TokenBatch drawn =
          new OrderedSampler(
                  Decoding.of(linear).withToldTime(ToldTime.OF_VISIBLE_TOKENS),
                  order,
                  TimeGrid.uniform(4 / tokens))
              .sample(
                  model.denoiser(),
                  SamplingRequest.of(
                      TokenBatch.allMasked(model.vocabulary(), DRAWS, 4), new CounterRandom(3)))
              .tokens();

      double[] nats =
          new PolicyLikelihood(model.denoiser(), linear, UnmaskingPolicy.of(order, tokens))
              .of(Rows.of(model.everyRow()))
              .nats();
      long[] counts = new long[16];
      for (int b = 0; b < DRAWS; b++) {
        counts[Sequences.index(drawn.row(b), 2)]++;
      }
      double[] expected = Arrays.stream(nats).map(n -> DRAWS * Math.exp(-n)).toArray();
      assertThat(new ChiSquareTest().chiSquareTest(expected, counts))
          .as("%d a step", tokens)
          .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
    }
  }

  /** On grids of equal steps and others, the last with a step that reveals nothing. */
  static Stream<FixedOrderSampler> fixedOrders() {
    Decoding decoding =
        Decoding.of(MaskingSchedule.cosine().clipped(0.02))
            .withToldTime(ToldTime.OF_VISIBLE_TOKENS);
    return Stream.of(
            TimeGrid.uniform(4),
            TimeGrid.uniform(2),
            TimeGrid.cosine(2),
            TimeGrid.cosine(3),
            TimeGrid.of(1, 0.99, 0.6, 0))
        .flatMap(
            grid ->
                Stream.of(
                        PositionOrder.dilated(),
                        PositionOrder.halton(2, 2, 1),
                        PositionOrder.of(3, 0, 1, 2))
                    .map(order -> new FixedOrderSampler(decoding, order, grid)));
  }

  @ParameterizedTest
  @MethodSource("fixedOrders")
  void likelihoodIsTheLawOfTheFixedOrderSampler(FixedOrderSampler sampler) {
    SmallModel model = SmallModel.toldTime(2, 4);
    TokenBatch drawn =
        sampler
            .sample(
                model.denoiser(),
                SamplingRequest.of(
                    TokenBatch.allMasked(model.vocabulary(), DRAWS, 4), new CounterRandom(4)))
            .tokens();
    double[] nats =
        new PolicyLikelihood(
                model.denoiser(), sampler.decoding().schedule(), UnmaskingPolicy.of(sampler, 4))
            .of(Rows.of(model.everyRow()))
            .nats();

    double[] law = Arrays.stream(nats).map(n -> Math.exp(-n)).toArray();
    assertThat(Arrays.stream(law).sum()).isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
    long[] counts = new long[16];
    for (int b = 0; b < DRAWS; b++) {
      counts[Sequences.index(drawn.row(b), 2)]++;
    }
    assertThat(
            new ChiSquareTest()
                .chiSquareTest(Arrays.stream(law).map(p -> DRAWS * p).toArray(), counts))
        .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  @Test
  void rowsPerCallChangeNothing() {
    SmallModel model = SmallModel.toldTime(3, 3);
    UnmaskingPolicy policy = UnmaskingPolicy.of(RevealOrder.ENTROPY, 2);
    RowLikelihoods whole =
        new PolicyLikelihood(model.denoiser(), SCHEDULE, policy).of(Rows.of(model.everyRow()));

    RowLikelihoods parts =
        new PolicyLikelihood(model.denoiser(), SCHEDULE, policy, 4).of(Rows.of(model.everyRow()));

    assertThat(parts.nats()).containsExactly(whole.nats(), within(Tolerance.EXACT_DOUBLE));
    assertThat(parts.evaluations()).isEqualTo(whole.evaluations());
  }

  @Test
  void anAnswerInsideAnotherArrayIsReadRight() {
    SmallModel model = SmallModel.toldTime(3, 3);
    UnmaskingPolicy policy = UnmaskingPolicy.of(RevealOrder.CONFIDENCE, 1);
    Denoiser inside =
        input -> {
          INDArray logits = model.denoiser().logits(input);
          INDArray larger = Nd4j.ones(logits.dataType(), logits.size(0) + 9, logits.size(1));
          INDArray inner =
              larger.get(NDArrayIndex.interval(9, 9 + logits.size(0)), NDArrayIndex.all());
          return inner.assign(logits);
        };

    assertThat(new PolicyLikelihood(inside, SCHEDULE, policy).of(Rows.of(model.everyRow())).nats())
        .isEqualTo(
            new PolicyLikelihood(model.denoiser(), SCHEDULE, policy)
                .of(Rows.of(model.everyRow()))
                .nats());
  }

  @Test
  void policiesThatBreakTheRulesAreReported() {
    SmallModel model = SmallModel.timeFree(2, 3);
    TokenBatch row = TokenBatch.of(model.vocabulary(), new int[] {0, 1, 1});

    assertThatThrownBy(() -> likelihood((masked, logits) -> new int[0]).of(Rows.of(row)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("at least one position");
    assertThatThrownBy(() -> likelihood((masked, logits) -> new int[] {1, 1}).of(Rows.of(row)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("each once, got [1, 1] of [0, 1, 2]");
    assertThatThrownBy(() -> likelihood((masked, logits) -> new int[] {0}).of(Rows.of(row)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must pick masked positions");
    assertThatThrownBy(() -> UnmaskingPolicy.leftToRight(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens (0)");
  }

  /** The likelihoods of every row. */
  private static double[] nats(SmallModel model, UnmaskingPolicy policy) {
    return new PolicyLikelihood(model.denoiser(), SCHEDULE, policy)
        .of(Rows.of(model.everyRow()))
        .nats();
  }

  private static PolicyLikelihood likelihood(UnmaskingPolicy policy) {
    return new PolicyLikelihood(FixedDenoiser.uniform(2), SCHEDULE, policy);
  }
}
