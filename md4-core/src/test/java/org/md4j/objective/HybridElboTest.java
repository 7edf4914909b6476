package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.Sequences;
import org.md4j.toy.ToyDenoiser;

/** D3PM's objective: judged by one number, trained on another. */
class HybridElboTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final ToyDenoiser DENOISER = new ToyDenoiser(VOCABULARY, t -> 2 * t);
  private static final int STEPS = 4;
  private static final DiscreteTimeElbo BOUND =
      new DiscreteTimeElbo(MaskingSchedule.linear(), STEPS);
  private static final TokenBatch CLEAN =
      TokenBatch.of(
          VOCABULARY, new int[] {0, 1}, new int[] {2, 2}, new int[] {1, 0}, new int[] {0, 2});

  /** Steps 1 to 4. */
  private static final double[] LEVELS = {0.1, 0.3, 0.6, 0.9};

  private static final Uniforms MASKS = new CounterRandom(8).uniforms(Purpose.MASK, 0);

  @Test
  void estimateIsThatOfTheBound() {
    HybridElbo elbo = new HybridElbo(BOUND, 0.3);
    NoisedBatch batch = elbo.noise(Rows.of(CLEAN), LEVELS, MASKS);
    NoisedBatch expected = BOUND.noise(Rows.of(CLEAN), LEVELS, MASKS);

    assertThat(batch.noisy().toFlat()).containsExactly(expected.noisy().toFlat());
    assertThat(batch.times()).containsExactly(0.25, 0.5, 0.75, 1);
    assertThat(elbo.estimate(batch, DENOISER)).isEqualTo(BOUND.estimate(expected, DENOISER));
  }

  /**
   * Step by step: {@code KL_i + lambda CE_i} over T steps drawn uniformly, T times as much for
   * each.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.7})
  void gradientIsThatOfTheBoundAndTheCrossEntropyOfEveryStep(double lambda) {
    HybridElbo elbo = new HybridElbo(BOUND, lambda);

    LogitSlopes.assertGradient(
        elbo,
        DENOISER,
        CLEAN,
        LEVELS,
        MASKS,
        (batch, denoiser) -> {
          double bound =
              BOUND.estimate(batch, denoiser).stream().mapToDouble(ElboTerms::diffusion).sum();
          return bound + lambda * STEPS * LogitSlopes.crossEntropy(batch, denoiser);
        });
  }

  /** KL_i is CE_i / i with the linear schedule, as is said. */
  @Test
  void weightsAreThoseOfTheLinearSchedule() {
    HybridElbo elbo = new HybridElbo(BOUND, 0.3);
    NoisedBatch batch = elbo.noise(Rows.of(CLEAN), LEVELS, MASKS);

    for (int i = 1; i <= STEPS; i++) {
      double weight = (double) STEPS / i;
      assertThat(elbo.weights(batch)[i - 1]).isCloseTo(weight, within(Tolerance.EXACT_DOUBLE));
      assertThat(elbo.trainingWeights(batch)[i - 1])
          .isCloseTo(weight + STEPS * 0.3, within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** On data, D3PM's bound is not below the entropy. */
  @Test
  void boundIsAboveTheEntropyOfTheData() {
    ExactDenoiser exact = ExactDenoiser.random(VOCABULARY, 2, 5);
    HybridElbo elbo = new HybridElbo(BOUND, 0.01);
    double mean = 0;
    double entropy = 0;
    for (int i = 0; i < exact.joint().length; i++) {
      int[] clean = Sequences.at(i, VOCABULARY.size(), 2);
      double p = exact.joint()[i];
      entropy -= p * Math.log(p);
      for (int step = 1; step <= STEPS; step++) {
        double t = (double) step / STEPS;
        for (int set = 0; set < 4; set++) {
          int mask = set;
          int[] noisy =
              IntStream.range(0, 2)
                  .map(n -> (mask >> n & 1) == 1 ? VOCABULARY.maskId() : clean[n])
                  .toArray();
          List<ElboTerms> terms =
              elbo.estimate(
                  NoisedBatch.of(
                      Rows.of(TokenBatch.of(VOCABULARY, clean)),
                      TokenBatch.of(VOCABULARY, noisy),
                      new double[] {t}),
                  exact);
          int masks = Integer.bitCount(set);
          double probability = Math.pow(t, masks) * Math.pow(1 - t, 2 - masks);
          mean += p * probability * terms.get(0).total() / STEPS;
        }
      }
    }

    assertThat(mean).isGreaterThan(entropy);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void rejectsWeightsThatAreNegativeOrNotFinite(double lambda) {
    assertThatThrownBy(() -> new HybridElbo(BOUND, lambda))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("crossEntropyWeight (" + lambda + ")");
  }
}
