package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ToyDenoiser;

class FixedOrderSamplerTest {
  private static final Vocabulary TERNARY = new Vocabulary(3);
  private static final Denoiser TOY = new ToyDenoiser(TERNARY, t -> 2 * t);
  private static final CounterRandom RANDOM = new CounterRandom(1);

  static Stream<TimeGrid> grids() {
    return Stream.of(
        TimeGrid.uniform(1), TimeGrid.uniform(4), TimeGrid.cosine(7), TimeGrid.uniform(100));
  }

  /**
   * The steps and times of all reveals, and their number, are those of the surest-first sampler.
   */
  @ParameterizedTest
  @MethodSource("grids")
  void revealsAsManyAtTheSameStepsAsTheOrderedSampler(TimeGrid grid) {
    Decoding decoding = Decoding.of(MaskingSchedule.cosine().clipped(0.02));
    TokenBatch start = Template.of(TERNARY, 3, 3, 0, 3, 3, 3, 1, 3, 3, 3, 3, 2).start(3);
    SamplingTrace fixed = new SamplingTrace();
    SamplingTrace ordered = new SamplingTrace();

    SamplingCost cost =
        new FixedOrderSampler(decoding, PositionOrder.dilated(), grid)
            .sample(TOY, SamplingRequest.of(start, RANDOM), fixed)
            .cost();
    new OrderedSampler(decoding, RevealOrder.MARGIN, grid)
        .sample(TOY, SamplingRequest.of(start, RANDOM), ordered);

    assertThat(when(fixed)).containsExactlyInAnyOrderElementsOf(when(ordered));
    assertThat(cost.positions()).as("asked about").isEqualTo(start.maskedPositions().length);
  }

  @Test
  void asksOnlyAboutWhatItReveals() {
    List<int[]> asked = new ArrayList<>();
    Denoiser recording =
        input -> {
          asked.add(input.positions());
          return TOY.logits(input);
        };

    new FixedOrderSampler(
            Decoding.of(MaskingSchedule.linear()), PositionOrder.dilated(), TimeGrid.uniform(4))
        .sample(recording, SamplingRequest.of(TokenBatch.allMasked(TERNARY, 1, 8), RANDOM));

    assertThat(asked)
        .containsExactly(new int[] {0, 4}, new int[] {2, 6}, new int[] {1, 5}, new int[] {3, 7});
  }

  @Test
  void revealsInTheOrderGiven() {
    assertThat(positions(PositionOrder.of(3, 1, 4, 0, 2), TimeGrid.uniform(5), 3, 3, 3, 3, 3))
        .containsExactly(3, 1, 4, 0, 2);
    // 4, 2.7, 1.3, 0 of 4 blanks: 4, 3, 1, 0 are left; what a step reveals comes ascending.
    assertThat(positions(PositionOrder.of(3, 1, 4, 0, 2), TimeGrid.uniform(3), 3, 0, 3, 3, 3))
        .containsExactly(3, 0, 4, 2);
  }

  @Test
  void sizesAreWhatItReveals() {
    FixedOrderSampler sampler =
        new FixedOrderSampler(
            Decoding.of(MaskingSchedule.linear()), PositionOrder.dilated(), TimeGrid.cosine(3));

    // 1, sin(60 degrees), sin(30 degrees), 0 of 10 blanks: 10, 8.7, 5, 0
    assertThat(sampler.sizes(10)).containsExactly(1, 4, 5);
    assertThat(sampler.sizes(2)).containsExactly(1, 1);
    assertThat(sampler.sizes(0)).isEmpty();
  }

  @Test
  void rowsThatTheOrderDoesNotFitAreRefusedBeforeTheNetworkIsAsked() {
    Denoiser unasked =
        input -> {
          throw new AssertionError("asked");
        };
    FixedOrderSampler sampler =
        new FixedOrderSampler(
            Decoding.of(MaskingSchedule.linear()),
            PositionOrder.halton(2, 2, 1),
            TimeGrid.uniform(4));

    assertThatThrownBy(
            () ->
                sampler.sample(
                    unasked, SamplingRequest.of(TokenBatch.allMasked(TERNARY, 1, 5), RANDOM)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length (5) must be height * width * colours, 2 * 2 * 1");
  }

  private static List<String> when(SamplingTrace trace) {
    return trace.reveals().stream()
        .map(
            reveal ->
                "row %d, step %d, time %s"
                    .formatted(reveal.example(), reveal.step(), reveal.time()))
        .toList();
  }

  private static List<Integer> positions(PositionOrder order, TimeGrid grid, int... start) {
    SamplingTrace trace = new SamplingTrace();
    new FixedOrderSampler(Decoding.of(MaskingSchedule.linear()), order, grid)
        .sample(TOY, SamplingRequest.of(TokenBatch.of(TERNARY, start), RANDOM), trace);
    return trace.reveals().stream().map(Reveal::position).toList();
  }
}
