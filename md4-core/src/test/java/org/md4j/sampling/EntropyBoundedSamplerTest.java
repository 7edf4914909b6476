package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.FixedDenoiser;
import org.nd4j.linalg.factory.Nd4j;

class EntropyBoundedSamplerTest {
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final double CERTAIN = 1000;
  private static final double LN2 = Math.log(2);

  /** Entropies, in units of ln 2, are 1, 0, 1, 0 at positions 0..3. */
  private static final Denoiser HALF_CERTAIN =
      input -> {
        double[][] answer = new double[input.positions().length][];
        for (int i = 0; i < answer.length; i++) {
          answer[i] = new double[] {input.positions()[i] % 2 == 0 ? 0 : CERTAIN, 0};
        }
        return Nd4j.createFromArray(answer);
      };

  @Test
  void revealsTheLongestPrefixWithinTheBound() {
    assertThat(rounds(HALF_CERTAIN, 0, 4)).containsExactly(List.of(1, 3, 0), List.of(2));
    assertThat(rounds(HALF_CERTAIN, 0.99 * LN2, 4)).containsExactly(List.of(1, 3, 0), List.of(2));
    assertThat(rounds(HALF_CERTAIN, 1.01 * LN2, 4)).containsExactly(List.of(1, 3, 0, 2));
  }

  @Test
  void anEvenPredictionIsRevealedAsOftenAsTheBoundHoldsItsEntropy() {
    Denoiser even = FixedDenoiser.uniform(2);

    assertThat(rounds(even, 0, 3)).containsExactly(List.of(0), List.of(1), List.of(2));
    assertThat(rounds(even, 1.5 * LN2, 5))
        .containsExactly(List.of(0, 1), List.of(2, 3), List.of(4));
    assertThat(rounds(even, Double.POSITIVE_INFINITY, 5)).containsExactly(List.of(0, 1, 2, 3, 4));
  }

  @Test
  void tellsTheTimeAtWhichAsManyBlanksAreMasked() {
    MaskingSchedule schedule = MaskingSchedule.cosine();
    SamplingTrace trace = new SamplingTrace();

    new EntropyBoundedSampler(Decoding.of(schedule), 1.5 * LN2)
        .sample(
            FixedDenoiser.uniform(2),
            SamplingRequest.of(
                TokenBatch.of(BINARY, new int[] {2, 0, 2, 2, 0, 2}), new CounterRandom(1)),
            trace);

    assertThat(trace.reveals())
        .extracting(Reveal::time)
        .containsExactly(1.0, 1.0, schedule.inverseAlpha(0.5), schedule.inverseAlpha(0.5));
    assertThat(trace.reveals()).extracting(Reveal::step).containsExactly(1, 1, 2, 2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN})
  void rejectsABoundThatIsNone(double bound) {
    assertThatThrownBy(
            () -> new EntropyBoundedSampler(Decoding.of(MaskingSchedule.linear()), bound))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bound (" + bound + ") must be at least 0");
  }

  /** The positions revealed in each round. */
  private static List<List<Integer>> rounds(Denoiser denoiser, double bound, int length) {
    List<List<Integer>> rounds = new ArrayList<>();
    List<Integer> round = new ArrayList<>();
    new EntropyBoundedSampler(Decoding.of(MaskingSchedule.linear()), bound)
        .sample(
            denoiser,
            SamplingRequest.of(TokenBatch.allMasked(BINARY, 1, length), new CounterRandom(1)),
            new SamplingListener() {
              @Override
              public void onReveal(Reveal reveal) {
                round.add(reveal.position());
              }

              @Override
              public void onRound(TokenBatch tokens) {
                rounds.add(List.copyOf(round));
                round.clear();
              }
            });
    return rounds;
  }
}
