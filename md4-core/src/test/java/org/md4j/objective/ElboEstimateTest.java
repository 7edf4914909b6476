package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ExactElbo;
import org.md4j.toy.ToyDenoiser;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One-sample estimates of the bounds. */
@Tag("slow")
class ElboEstimateTest {
  /** A batch size for which a floating-point range of step 1/B would have B + 1 entries. */
  private static final int BATCH_SIZE = 49;

  private static final int BATCHES = 400;
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final int[] EXAMPLE = {0, 1, 1};

  /** {@code pipeline/md4_batch/*}. */
  @ParameterizedTest
  @ValueSource(strings = {"linear", "cosine"})
  void wholeBatchMatchesTheGoldenPipeline(String schedule) {
    String id = "pipeline/md4_batch/" + schedule;
    JsonNode inputs = GoldenVectors.inputs(id);
    JsonNode expected = GoldenVectors.expected(id);
    JsonNode rows = expected.get("rows");
    Vocabulary vocabulary = new Vocabulary(inputs.get("V").intValue());
    int length = inputs.get("N").intValue();
    MaskingSchedule base =
        schedule.equals("linear") ? MaskingSchedule.linear() : MaskingSchedule.cosine();
    Elbo elbo = new ContinuousTimeElbo(base.clipped(inputs.get("eps").doubleValue()));
    double offset = inputs.get("t0").doubleValue();
    int[][] clean = new int[rows.size()][length];
    for (int b = 0; b < rows.size(); b++) {
      for (int n = 0; n < length; n++) {
        clean[b][n] = rows.get(b).get("x0").get(n).intValue();
      }
    }

    double[] levels = AntitheticTimes.sample(rows.size(), (example, index) -> offset);
    NoisedBatch batch =
        elbo.noise(
            Rows.of(TokenBatch.of(vocabulary, clean)),
            levels,
            (example, n) -> rows.get((int) example).get("u").get((int) n).doubleValue());
    List<ElboTerms> terms = elbo.estimate(batch, new ToyDenoiser(vocabulary));

    for (int b = 0; b < rows.size(); b++) {
      JsonNode row = rows.get(b);
      GoldenVectors.assertMatches(id, "t", batch.times()[b], row.get("t"));
      for (int n = 0; n < length; n++) {
        assertThat(batch.noisy().token(b, n)).isEqualTo(row.get("z").get(n).intValue());
      }
      GoldenVectors.assertMatches(id, "weight", elbo.weights(batch)[b], row.get("weight"));
      GoldenVectors.assertMatches(
          id,
          "masked_ce_sum",
          terms.get(b).diffusion() / elbo.weights(batch)[b],
          row.get("masked_ce_sum"));
      GoldenVectors.assertMatches(
          id, "loss_diff of a row", terms.get(b).diffusion(), row.get("loss_diff"));
    }
    ElboTerms mean = ElboTerms.mean(terms);
    ElboTerms asTheReference = new ElboTerms(mean.diffusion(), mean.reconstruction(), 0);
    GoldenVectors.assertMatches(id, "loss_diff", mean.diffusion(), expected.get("loss_diff"));
    GoldenVectors.assertMatches(
        id, "loss_recon", mean.reconstruction(), expected.get("loss_recon"));
    GoldenVectors.assertMatches(id, "loss", asTheReference.total(), expected.get("loss"));
    GoldenVectors.assertMatches(
        id, "loss_bits", asTheReference.bitsPerToken(length), expected.get("loss_bits"));
    assertThat(mean.prior()).isCloseTo(mean.reconstruction(), within(Tolerance.EXACT_DOUBLE));
  }

  /** {@code identity/score_entropy}: the weighted cross-entropy is the score-entropy integrand. */
  @Test
  void weightedCrossEntropyIsTheGoldenScoreEntropy() {
    String id = "identity/score_entropy";
    for (JsonNode expected : GoldenVectors.expected(id)) {
      double alpha = expected.get("alpha").doubleValue();
      double beta = expected.get("beta").doubleValue();
      int target = expected.get("x0").intValue();
      double[] mu = new double[expected.get("mu").size()];
      Arrays.setAll(mu, v -> expected.get("mu").get(v).doubleValue());
      Vocabulary vocabulary = new Vocabulary(mu.length);
      Elbo elbo = new ContinuousTimeElbo(new AtOneTime(alpha, -beta * alpha));
      TokenBatch clean = TokenBatch.of(vocabulary, new int[] {target});
      NoisedBatch batch =
          elbo.noise(Rows.of(clean), new double[] {0.5}, (example, index) -> Math.nextDown(1.0));

      Denoiser denoiser =
          input ->
              Nd4j.createFromArray(new double[][] {Arrays.stream(mu).map(Math::log).toArray()});
      double integrand = elbo.estimate(batch, denoiser).get(0).diffusion();

      double ratio = alpha / (1 - alpha);
      double sumOfScores = Arrays.stream(mu).map(p -> ratio * p).sum();
      double scoreEntropy =
          beta
              * (sumOfScores
                  - ratio * Math.log(ratio * mu[target])
                  + ratio * Math.log(ratio)
                  - ratio);
      GoldenVectors.assertMatches(
          id, "cross-entropy", integrand, expected.get("weighted_ce_integrand"));
      GoldenVectors.assertMatches(
          id, "score entropy", integrand, expected.get("score_entropy_integrand"));
      assertThat(integrand).isCloseTo(scoreEntropy, within(Tolerance.EXACT_DOUBLE));
    }
  }

  /** A schedule looked at in one point only. */
  private record AtOneTime(double value, double slope) implements MaskingSchedule {
    @Override
    public double alpha(double t) {
      return value;
    }

    @Override
    public double oneMinusAlpha(double t) {
      return 1 - value;
    }

    @Override
    public double alphaPrime(double t) {
      return slope;
    }
  }

  @ParameterizedTest
  @MethodSource("estimators")
  void estimatesAreUnbiased(Elbo elbo, Times times) {
    ToyDenoiser denoiser = new ToyDenoiser(BINARY, t -> 2 * Math.sin(3 * t));
    // The mask-count form covers the whole range of alpha: its expectation is that of the schedule
    // without clipping, up to the times it tells the network.
    double expected = ExactElbo.diffusion(elbo, denoiser, BINARY, EXAMPLE);

    SummaryStatistics means = batchMeans(elbo, times, denoiser);

    double standardError = means.getStandardDeviation() / Math.sqrt(BATCHES);
    assertThat(means.getMean()).isCloseTo(expected, within(Tolerance.SIGMAS * standardError));
    assertThat(standardError).as("the test can tell").isLessThan(0.02 * expected);
  }

  /** Ways to draw the times of a batch, each uniform by itself. */
  private enum Times {
    INDEPENDENT {
      @Override
      double[] sample(int batchSize, Uniforms uniforms) {
        return IntStream.range(0, batchSize).mapToDouble(b -> uniforms.at(b, 0)).toArray();
      }
    },

    ANTITHETIC {
      @Override
      double[] sample(int batchSize, Uniforms uniforms) {
        return AntitheticTimes.sample(batchSize, uniforms);
      }
    };

    abstract double[] sample(int batchSize, Uniforms uniforms);
  }

  static List<Object[]> estimators() {
    List<Object[]> cases = new ArrayList<>();
    for (Times times : Times.values()) {
      for (MaskingSchedule schedule :
          List.of(MaskingSchedule.reference(), MaskingSchedule.cosine().clipped(1e-3))) {
        cases.add(new Object[] {new ContinuousTimeElbo(schedule), times});
        cases.add(new Object[] {new LogSnrElbo(schedule), times});
        cases.add(new Object[] {new DiscreteTimeElbo(schedule, 6), times});
      }
      cases.add(new Object[] {new MaskCountElbo(MaskingSchedule.linear()), times});
      cases.add(new Object[] {new MaskCountElbo(MaskingSchedule.cosine()), times});
    }
    return cases;
  }

  /** The same number three ways, for a predictor that sees the time. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void maskCountEstimatesTheContinuousBoundOfAPredictorThatSeesTime(boolean cosine) {
    MaskingSchedule schedule = cosine ? MaskingSchedule.cosine() : MaskingSchedule.linear();
    ToyDenoiser denoiser = new ToyDenoiser(BINARY, t -> 2 * Math.sin(3 * t));
    double expected =
        ExactElbo.diffusion(new ContinuousTimeElbo(schedule), denoiser, BINARY, EXAMPLE);

    SummaryStatistics means = batchMeans(new MaskCountElbo(schedule), Times.ANTITHETIC, denoiser);

    double standardError = means.getStandardDeviation() / Math.sqrt(BATCHES);
    assertThat(means.getMean()).isCloseTo(expected, within(Tolerance.SIGMAS * standardError));
  }

  @Test
  void antitheticTimesAndMaskCountsReduceTheVariance() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    ToyDenoiser denoiser = new ToyDenoiser(BINARY);
    Elbo continuous = new ContinuousTimeElbo(schedule);

    double uniform = batchMeans(continuous, Times.INDEPENDENT, denoiser).getVariance();
    double antithetic = batchMeans(continuous, Times.ANTITHETIC, denoiser).getVariance();
    double maskCount =
        batchMeans(new MaskCountElbo(schedule), Times.ANTITHETIC, denoiser).getVariance();

    assertThat(antithetic).isLessThan(uniform);
    assertThat(maskCount).isLessThan(antithetic);
  }

  private static SummaryStatistics batchMeans(Elbo elbo, Times times, Denoiser denoiser) {
    CounterRandom random = new CounterRandom(20240611);
    int[][] rows = new int[BATCH_SIZE][];
    Arrays.fill(rows, EXAMPLE);
    TokenBatch clean = TokenBatch.of(BINARY, rows);
    SummaryStatistics means = new SummaryStatistics();
    for (int batch = 0; batch < BATCHES; batch++) {
      double[] levels = times.sample(BATCH_SIZE, random.uniforms(Purpose.TIME, batch));
      NoisedBatch noised = elbo.noise(Rows.of(clean), levels, random.uniforms(Purpose.MASK, batch));
      means.addValue(ElboTerms.mean(elbo.estimate(noised, denoiser)).diffusion());
    }
    return means;
  }

  @Test
  void logitsAtUnmaskedPositionsChangeNothing() {
    Vocabulary vocabulary = new Vocabulary(3);
    TokenBatch clean = TokenBatch.of(vocabulary, new int[] {0, 1, 2, 0}, new int[] {2, 2, 1, 1});
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.reference());
    NoisedBatch batch =
        elbo.noise(
            Rows.of(clean),
            new double[] {0.6, 0.4},
            new CounterRandom(8).uniforms(Purpose.MASK, 0));
    assertThat(batch.maskedPositions()).hasSizeBetween(1, 7);
    Denoiser toy = new ToyDenoiser(vocabulary);
    Denoiser spoilt =
        input -> {
          INDArray everywhere = toy.logits(DenoiserInput.everywhere(input.rows(), input.times()));
          for (int i = 0; i < clean.rows() * clean.length(); i++) {
            if (!input.tokens().isMasked(i)) {
              everywhere.getRow(i).assign(1000 * i);
            }
          }
          return everywhere.getRows(input.positions());
        };

    assertThat(elbo.estimate(batch, spoilt)).isEqualTo(elbo.estimate(batch, toy));
  }

  @Test
  void asksOnceAndOnlyAboutMaskedPositions() {
    Vocabulary vocabulary = new Vocabulary(3);
    TokenBatch clean = TokenBatch.of(vocabulary, new int[] {0, 1, 2}, new int[] {2, 2, 1});
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.reference());
    NoisedBatch batch =
        NoisedBatch.of(
            Rows.of(clean),
            TokenBatch.of(vocabulary, new int[] {0, 3, 3}, new int[] {2, 2, 1}),
            new double[] {0.5, 0.2});
    List<DenoiserInput> questions = new ArrayList<>();
    Denoiser toy = new ToyDenoiser(vocabulary);
    Denoiser recording =
        input -> {
          questions.add(input);
          return toy.logits(input);
        };

    List<ElboTerms> terms = elbo.estimate(batch, recording);

    assertThat(questions).hasSize(1);
    assertThat(questions.get(0).positions()).containsExactly(1, 2);
    assertThat(questions.get(0).times()).containsExactly(0.5, 0.2);
    assertThat(terms.get(1).diffusion()).isZero();
    assertThat(terms.get(0).diffusion()).isPositive();
  }

  @Test
  void nothingMaskedAsksNothing() {
    TokenBatch clean = TokenBatch.of(BINARY, EXAMPLE);
    Elbo elbo = new ContinuousTimeElbo(MaskingSchedule.linear());
    NoisedBatch batch = elbo.noise(Rows.of(clean), new double[] {0}, (example, index) -> 0.999);
    Denoiser never =
        input -> {
          throw new AssertionError("asked");
        };

    assertThat(elbo.estimate(batch, never)).containsExactly(new ElboTerms(0, 0, 0));
  }
}
