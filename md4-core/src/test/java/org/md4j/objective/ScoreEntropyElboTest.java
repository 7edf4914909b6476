package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactDenoiser;
import org.md4j.toy.ExactElbo;
import org.md4j.toy.Sequences;
import org.md4j.toy.ToyDenoiser;

/** SEDD's bound beside MD4's, by enumeration. */
class ScoreEntropyElboTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int LENGTH = 2;

  /** Its estimates do not sum to 1. */
  private static final Denoiser DENOISER = new ToyDenoiser(VOCABULARY);

  @ParameterizedTest
  @ValueSource(doubles = {-0.5, 0, 0.5})
  void estimateIsAboveThatOfMd4WithThePredictionMadeToSumToOne(double shift) {
    Elbo md4 = new ContinuousTimeElbo(MaskingSchedule.reference());
    ScoreEntropyElbo elbo = new ScoreEntropyElbo(md4);
    TokenBatch clean = TokenBatch.of(VOCABULARY, new int[] {0, 2}, new int[] {1, 1});
    NoisedBatch batch =
        elbo.noise(Rows.of(clean), new double[] {0.3, 0.8}, (example, n) -> 0.99999);

    List<ElboTerms> scores = elbo.estimate(batch, input -> DENOISER.logits(input).addi(shift));
    List<ElboTerms> normalised = md4.estimate(batch, DENOISER);

    for (int b = 0; b < 2; b++) {
      assertThat(scores.get(b).diffusion()).isGreaterThan(normalised.get(b).diffusion());
      assertThat(scores.get(b).reconstruction()).isEqualTo(normalised.get(b).reconstruction());
      assertThat(scores.get(b).prior()).isEqualTo(normalised.get(b).prior());
    }
  }

  /** Of every set of masks, every time, and hence their expectation. */
  @Test
  void boundOfEstimatesThatSumToOneIsThatOfMd4() {
    ExactDenoiser exact = ExactDenoiser.random(VOCABULARY, LENGTH, 3);
    // e = exp(logits) / V.
    Denoiser summing = input -> exact.logits(input).addi(Math.log(3));
    for (Elbo md4 :
        List.of(
            new ContinuousTimeElbo(MaskingSchedule.cosine()),
            new DiscreteTimeElbo(MaskingSchedule.linear(), 5),
            new LogSnrElbo(MaskingSchedule.reference()),
            new MaskCountElbo(MaskingSchedule.linear()))) {
      ScoreEntropyElbo elbo = new ScoreEntropyElbo(md4);
      for (int i = 0; i < exact.joint().length; i++) {
        int[] clean = Sequences.at(i, VOCABULARY.size(), LENGTH);
        int[][] rows = {clean, clean, clean};
        NoisedBatch batch =
            elbo.noise(
                Rows.of(TokenBatch.of(VOCABULARY, rows)),
                new double[] {0.1, 0.6, 0.9},
                (example, n) -> n == 0 ? 0.99 : 0.3);

        double[] scores = diffusions(elbo.estimate(batch, summing));
        double[] expected = diffusions(md4.estimate(batch, exact));

        for (int b = 0; b < scores.length; b++) {
          assertThat(scores[b])
              .as("%s, row %s", md4, i)
              .isCloseTo(
                  expected[b], within(Tolerance.EXACT_DOUBLE * (10 + Math.abs(expected[b]))));
        }
      }
    }
  }

  @Test
  void expectationIsTheSameForEveryScheduleAndAboveThatOfMd4() {
    int[] clean = {2, 0};
    double md4 =
        ExactElbo.diffusion(
            new ContinuousTimeElbo(MaskingSchedule.linear()), DENOISER, VOCABULARY, clean);
    List<Double> bounds = new ArrayList<>();
    for (MaskingSchedule schedule : Schedules.full()) {
      bounds.add(diffusion(new ContinuousTimeElbo(schedule), clean));
    }

    for (double bound : bounds) {
      assertThat(bound).isCloseTo(bounds.get(0), within(Tolerance.QUADRATURE)).isGreaterThan(md4);
    }
  }

  @Test
  void gradientIsThatOfTheBound() {
    LogitSlopes.assertGradient(
        ScoreEntropyElbo.reference(),
        DENOISER,
        TokenBatch.of(VOCABULARY, new int[] {0, 2}, new int[] {1, 1}),
        new double[] {0.3, 0.8},
        (example, n) -> example == n ? 0.99 : 0.5,
        (batch, denoiser) ->
            Arrays.stream(diffusions(ScoreEntropyElbo.reference().estimate(batch, denoiser)))
                .sum());
  }

  /** The expectation over masks and times, the law of both written down here. */
  private static double diffusion(ContinuousTimeElbo md4, int... clean) {
    ScoreEntropyElbo elbo = new ScoreEntropyElbo(md4);
    return ExactElbo.integral(
        t -> {
          double mean = 0;
          for (int set = 0; set < 4; set++) {
            int[] noisy = clean.clone();
            double probability = 1;
            for (int n = 0; n < LENGTH; n++) {
              boolean masked = (set >> n & 1) == 1;
              noisy[n] = masked ? VOCABULARY.maskId() : clean[n];
              probability *= masked ? md4.schedule().oneMinusAlpha(t) : md4.schedule().alpha(t);
            }
            NoisedBatch batch =
                NoisedBatch.of(
                    Rows.of(TokenBatch.of(VOCABULARY, clean)),
                    TokenBatch.of(VOCABULARY, noisy),
                    new double[] {t});
            mean += probability * elbo.estimate(batch, DENOISER).get(0).diffusion();
          }
          return mean;
        });
  }

  private static double[] diffusions(List<ElboTerms> terms) {
    return terms.stream().mapToDouble(ElboTerms::diffusion).toArray();
  }
}
