package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.md4j.contract.ReverseSamplerContract;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.ToyDenoiser;

class AutoregressiveSamplerTest extends ReverseSamplerContract {
  private static final CounterRandom RANDOM = new CounterRandom(61);
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int MASK = VOCABULARY.maskId();
  private static final Denoiser DENOISER = new ToyDenoiser(VOCABULARY, t -> 3 * t);
  private static final AutoregressiveSampler SAMPLER =
      new AutoregressiveSampler(LogitFilter.none());

  /** Rows with prefixes of every length, from none to all. */
  private static final TokenBatch START =
      TokenBatch.of(
          VOCABULARY,
          new int[] {MASK, MASK, MASK, MASK},
          new int[] {0, 1, MASK, MASK},
          new int[] {2, 0, 1, 1},
          new int[] {1, MASK, MASK, MASK},
          new int[] {1, 2, 0, MASK});

  @Override
  protected Stream<ReverseSampler> samplers() {
    return Stream.of(SAMPLER, new AutoregressiveSampler(LogitFilter.topK(2)));
  }

  @Override
  protected TokenBatch start() {
    return START;
  }

  @Test
  void exactConditionalsDrawTheJointLaw() {
    ExactDenoiser exact = ExactDenoiser.random(VOCABULARY, 3, 13);

    new SampledLaw(SAMPLER, exact, VOCABULARY).assertFollows(exact.joint(), 3, 3, 3);
  }

  @Test
  void aPrefixIsContinuedByTheConditionalLaw() {
    ExactDenoiser exact = ExactDenoiser.random(VOCABULARY, 3, 13);
    double[] law = exact.joint();
    Arrays.fill(law, 0, 9, 0);
    Arrays.fill(law, 18, 27, 0);
    double total = Arrays.stream(law).sum();

    new SampledLaw(SAMPLER, exact, VOCABULARY)
        .assertFollows(Arrays.stream(law).map(p -> p / total).toArray(), 1, 3, 3);
  }

  @Test
  void tokensAreDrawnFromTheFilteredPrediction() {
    new SampledLaw(
            new AutoregressiveSampler(LogitFilter.topK(2)),
            FixedDenoiser.of(0.2, 0.3, 0.5),
            VOCABULARY)
        .assertFollows(new double[] {0, 0.375, 0.625}, 3);
  }

  @Test
  void asksForTheFirstBlankOfEveryRowAtTimeZero() {
    Denoiser asked =
        input -> {
          assertThat(input.times()).containsOnly(0);
          assertThat(input.positions()).hasSize(input.tokens().rows());
          for (int row = 0; row < input.tokens().rows(); row++) {
            int position = input.positions()[row];
            assertThat(input.tokens().isMasked(position)).isTrue();
            assertThat(position % 4 == 0 || !input.tokens().isMasked(position - 1)).isTrue();
          }
          return DENOISER.logits(input);
        };
    SamplingTrace trace = new SamplingTrace();
    SamplingResult result = SAMPLER.sample(asked, SamplingRequest.of(START, RANDOM), trace);

    assertThat(result.tokens().maskedPositions()).isEmpty();
    for (int i = 0; i < 20; i++) {
      assertThat(START.isMasked(i) || result.tokens().token(i) == START.token(i)).isTrue();
    }
    assertThat(result.cost().evaluations()).isEqualTo(4);
    assertThat(result.cost().rows()).isEqualTo(4 + 2 + 3 + 1);
    assertThat(result.cost().positions()).isEqualTo(10);
    assertThat(result.cost().tokens()).isEqualTo(10);
    assertThat(trace.reveals().stream().filter(reveal -> reveal.example() == 1))
        .extracting(Reveal::step, Reveal::position)
        .containsExactly(tuple(1, 2), tuple(2, 3));
  }

  @Test
  void reportsWhatTheNetworkPredictsBeforeTheFilter() {
    SamplingTrace trace = new SamplingTrace();
    double[] law = {0.2, 0.3, 0.5};
    new AutoregressiveSampler(LogitFilter.topK(1))
        .sample(FixedDenoiser.of(law), SamplingRequest.of(START, RANDOM), trace);

    assertThat(trace.reveals())
        .hasSize(10)
        .allSatisfy(
            reveal -> {
              assertThat(reveal.token()).isEqualTo(2);
              assertThat(reveal.probability()).isCloseTo(0.5, within(EXACT_DOUBLE));
            });
  }

  @Test
  void rejectsBlanksWithTokensAfterThemBeforeAnythingIsAsked() {
    List<DenoiserInput> questions = new ArrayList<>();
    Denoiser counting =
        input -> {
          questions.add(input);
          return DENOISER.logits(input);
        };
    TokenBatch start = TokenBatch.of(VOCABULARY, new int[] {0, MASK, MASK}, new int[] {0, MASK, 1});

    assertThatThrownBy(() -> SAMPLER.sample(counting, SamplingRequest.of(start, RANDOM)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "start must have its masks at the end of each row, to be drawn from left to right, got"
                + " a mask at position 1 of row 1 with tokens after it; fill blanks between given"
                + " tokens with a diffusion model");
    assertThat(questions).isEmpty();
  }
}
