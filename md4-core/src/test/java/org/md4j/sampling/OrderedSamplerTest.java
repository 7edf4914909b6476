package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class OrderedSamplerTest {
  private static final Vocabulary TERNARY = new Vocabulary(3);

  /** log-probabilities of positions 0..3 on which every order has an opinion of its own. */
  private static final double[][] LOGITS = {
    logs(0.5, 0.49, 0.01), logs(0.52, 0.24, 0.24), logs(0.45, 0.45, 0.1), logs(0.4, 0.3, 0.3)
  };

  private static final Denoiser BY_POSITION =
      input -> {
        double[][] answer = new double[input.positions().length][];
        for (int i = 0; i < answer.length; i++) {
          answer[i] = LOGITS[input.positions()[i] % LOGITS.length];
        }
        return Nd4j.createFromArray(answer);
      };

  @Test
  void everyOrderTakesWhatItIsSurestAbout() {
    TimeGrid grid = TimeGrid.uniform(4);
    MaskingSchedule schedule = MaskingSchedule.linear();

    assertThat(positions(reveals(schedule, RevealOrder.CONFIDENCE, grid, 4)))
        .containsExactly(1, 0, 2, 3);
    assertThat(positions(reveals(schedule, RevealOrder.MARGIN, grid, 4)))
        .containsExactly(1, 3, 0, 2);
    assertThat(positions(reveals(schedule, RevealOrder.ENTROPY, grid, 4)))
        .containsExactly(0, 2, 1, 3);
  }

  @Test
  void revealsAsManyAStepAsTheGridSays() {
    // 1 - alpha is 1, 0.75, 0.5, 0.25, 0: of 2 blanks 2, 1.5, 1, 0.5, 0 are left, halves rounded up
    assertThat(steps(reveals(MaskingSchedule.linear(), RevealOrder.MARGIN, TimeGrid.uniform(4), 2)))
        .containsExactly(2, 4);
    // 1, sin(60 degrees), sin(30 degrees), 0 of 10 blanks: 10, 8.7, 5, 0
    assertThat(
            steps(reveals(MaskingSchedule.cosine(), RevealOrder.MARGIN, TimeGrid.uniform(3), 10)))
        .containsExactly(1, 2, 2, 2, 2, 3, 3, 3, 3, 3);
    // The remainder that clipping leaves is taken off: still 5 of 10 in each of two steps.
    assertThat(
            steps(
                reveals(
                    MaskingSchedule.linear().clipped(0.3),
                    RevealOrder.MARGIN,
                    TimeGrid.uniform(2),
                    10)))
        .containsExactly(1, 1, 1, 1, 1, 2, 2, 2, 2, 2);
  }

  @Test
  void roundsHalvesUpWhateverRoundingMadeOfThem() {
    for (double epsilon : new double[] {1e-4, 0.01, 0.1, 0.2, 0.3}) {
      assertThat(
              steps(
                  reveals(
                      MaskingSchedule.linear().clipped(epsilon),
                      RevealOrder.MARGIN,
                      TimeGrid.uniform(2),
                      7)))
          .containsExactly(1, 1, 1, 2, 2, 2, 2);
    }
  }

  @Test
  void tellsTheTimeOfTheStep() {
    TimeGrid grid = TimeGrid.cosine(5);

    assertThat(reveals(MaskingSchedule.linear(), RevealOrder.MARGIN, grid, 7))
        .allSatisfy(reveal -> assertThat(reveal.time()).isEqualTo(grid.time(reveal.step() - 1)));
  }

  @Test
  void lowestPositionsComeFirstOnTies() {
    SamplingTrace trace = new SamplingTrace();

    for (RevealOrder order : RevealOrder.values()) {
      new OrderedSampler(Decoding.of(MaskingSchedule.linear()), order, TimeGrid.uniform(3))
          .sample(
              FixedDenoiser.of(0.2, 0.3, 0.5),
              SamplingRequest.of(
                  TokenBatch.of(TERNARY, new int[] {3, 0, 3, 3}), new CounterRandom(1)),
              trace);
    }

    assertThat(positions(trace.reveals())).containsExactly(0, 2, 3, 0, 2, 3, 0, 2, 3);
  }

  @Test
  void readsAnswersOfAnyLayoutAndType() {
    Denoiser toy = new ToyDenoiser(TERNARY);
    SamplingRequest request =
        SamplingRequest.of(TokenBatch.allMasked(TERNARY, 20, 6), new CounterRandom(1));
    OrderedSampler sampler =
        new OrderedSampler(
            Decoding.of(MaskingSchedule.linear()), RevealOrder.MARGIN, TimeGrid.uniform(3));
    TokenBatch expected = sampler.sample(toy, request).tokens();

    Denoiser columns = input -> toy.logits(input).dup('f');
    Denoiser view =
        input -> Nd4j.hstack(toy.logits(input), toy.logits(input)).get(all(), interval(3, 6));
    Denoiser single = input -> toy.logits(input).castTo(DataType.FLOAT);

    for (Denoiser denoiser : List.of(columns, view, single)) {
      assertThat(sampler.sample(denoiser, request).tokens()).isEqualTo(expected);
    }
  }

  private static List<Reveal> reveals(
      MaskingSchedule schedule, RevealOrder order, TimeGrid grid, int length) {
    SamplingTrace trace = new SamplingTrace();
    new OrderedSampler(Decoding.of(schedule), order, grid)
        .sample(
            BY_POSITION,
            SamplingRequest.of(TokenBatch.allMasked(TERNARY, 1, length), new CounterRandom(1)),
            trace);
    return trace.reveals();
  }

  private static List<Integer> positions(List<Reveal> reveals) {
    return reveals.stream().map(Reveal::position).toList();
  }

  private static List<Integer> steps(List<Reveal> reveals) {
    return reveals.stream().map(Reveal::step).toList();
  }

  private static double[] logs(double... probabilities) {
    return Arrays.stream(probabilities).map(Math::log).toArray();
  }
}
