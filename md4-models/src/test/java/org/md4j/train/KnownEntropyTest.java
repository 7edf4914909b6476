package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.likelihood.ConfidenceInterval;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.likelihood.LikelihoodEstimator;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.objective.StateDependentElbo;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;

/**
 * What a schedule of each token value is for, where the best that can be had, the entropy, is
 * known. For a network that knows every conditional one order of tokens is as good as another, and
 * MD4's bound is the entropy. The network here sees neighbours only: it is exact if some values
 * come before others, which GenMD4 has to find out from powers that are all 1, and not if the order
 * is random, as MD4's is.
 */
@Tag("slow")
class KnownEntropyTest {
  /** Of training, and of times and masks of the measurement. */
  private static final long SEED = 1;

  /** Of rows that no training has seen. */
  private static final long HELD_OUT = 1000 + SEED;

  private static final int STEPS = 500;
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(STEPS, 64, 0.2)
          .optimizer(adamW -> adamW.warmupSteps(20).emaRate(0.98))
          .replicas(1)
          .evaluation(evaluation -> evaluation.rows(64))
          .schedule(schedule -> schedule.learningRateMultiplier(2))
          .seed(SEED)
          .build();

  private static final int ROWS = 32_768;

  /** Evenly spread times each row is measured at. */
  private static final int DRAWS = 8;

  private static final double LEVEL = 0.95;

  /** Rows whose mean surprise is compared with the entropy, in standard errors. */
  private static final int LAW_ROWS = 20_000;

  private static final double STANDARD_ERRORS = 4;

  /** Sums of double products. */
  private static final double ROUNDING = 1e-12;

  static Stream<KnownLaw> laws() {
    return Stream.of(new NoisyParities(SEED), new MarkedMixture(SEED));
  }

  @ParameterizedTest
  @MethodSource("laws")
  void theEntropyIsThatOfTheRowsDrawn(KnownLaw law) {
    double sum = 0;
    double squares = 0;
    int[] row = new int[law.length()];
    for (int i = 0; i < LAW_ROWS; i++) {
      law.row(i, row);
      double surprise = -Math.log(law.probability(row));
      sum += surprise;
      squares += surprise * surprise;
    }
    double mean = sum / LAW_ROWS;
    double standardError = Math.sqrt((squares / LAW_ROWS - mean * mean) / LAW_ROWS);

    assertThat(mean).isCloseTo(law.entropy(), within(STANDARD_ERRORS * standardError));
  }

  @Test
  void theEntropyOfParitiesIsThatOfWhatIsDrawnForThem() {
    double formula = 4 * entropy(NoisyParities.ONE) + 3 * entropy(NoisyParities.WRONG);

    assertThat(new NoisyParities(SEED).entropy()).isCloseTo(formula, within(ROUNDING));
  }

  @Test
  void genMd4LeavesParitiesForLastAndIsNearerToTheEntropy() {
    double[] powers = requireNearer(NoisyParities::new);

    assertThat(least(powers, 0, 2)).isGreaterThan(greatest(powers, 2, 4));
  }

  @Test
  void genMd4RevealsMarkersFirstAndIsNearerToTheEntropy() {
    double[] powers = requireNearer(MarkedMixture::new);

    assertThat(least(powers, 0, 3)).isGreaterThan(greatest(powers, 3, 6));
  }

  /** Trains and compares; the powers learned at MD4's number of steps. */
  private static double[] requireNearer(LongFunction<KnownLaw> laws) {
    KnownLaw heldOut = laws.apply(HELD_OUT);
    double entropy = heldOut.entropy() / heldOut.length();
    StateDependentElbo learned =
        StateDependentElbo.of(LearnedPolynomialSchedule.perToken(heldOut.vocabulary()));

    Outcome md4 = train(laws, new ContinuousTimeElbo(MaskingSchedule.reference()), STEPS);
    Outcome single = train(laws, learned.withMaskSamples(MaskSamples.SINGLE), STEPS);
    Outcome pair = train(laws, learned.withMaskSamples(MaskSamples.PAIR), STEPS / 2);
    print("%s: entropy %.4f nats/token%n", heldOut.name(), entropy);
    print("  MD4,                    %d steps: %s%n", STEPS, md4);
    print("  GenMD4, one mask a row, %d steps: %s%n", STEPS, single);
    print("  GenMD4, two masks a row, %d steps: %s%n", STEPS / 2, pair);

    assertThat(md4.interval().high()).isGreaterThan(entropy);
    for (Outcome genMd4 : List.of(single, pair)) {
      assertThat(genMd4.interval().high()).isGreaterThan(entropy).isLessThan(md4.interval().low());
    }
    return single.powers();
  }

  /** The bound of a network and, where there is one, a schedule trained from the beginning. */
  private static Outcome train(LongFunction<KnownLaw> laws, Objective objective, int steps) {
    KnownLaw heldOut = laws.apply(HELD_OUT);
    try (Trainer trainer =
        new Trainer(
            TimedTableDenoiser.create(heldOut.vocabulary()),
            objective,
            laws.apply(SEED),
            heldOut,
            CONFIG.toBuilder().steps(steps).build(),
            List.of())) {
      trainer.train();
      Objective averaged = trainer.averagedObjective();
      return new Outcome(
          averaged,
          trainer.withAveragedParameters(
              network ->
                  new LikelihoodEstimator(
                          network,
                          heldOut,
                          new LikelihoodProtocol(averaged, 1, DRAWS),
                          new CounterRandom(SEED))
                      .estimate((long) ROWS * DRAWS)));
    }
  }

  /** A trained objective and the bound measured. */
  private record Outcome(Objective objective, LikelihoodEstimate estimate) {
    /** Nats per token. */
    ConfidenceInterval interval() {
      ConfidenceInterval bits = estimate.confidenceInterval(LEVEL);
      return new ConfidenceInterval(bits.low() * Math.log(2), bits.high() * Math.log(2));
    }

    double[] powers() {
      return objective instanceof StateDependentElbo elbo
          ? ((LearnedPolynomialSchedule) elbo.schedule()).powers()
          : new double[0];
    }

    @Override
    public String toString() {
      String powers =
          Arrays.toString(Arrays.stream(powers()).map(w -> Math.rint(100 * w) / 100).toArray());
      return String.format(
          Locale.ROOT,
          "%.4f, 95 %% in [%.4f, %.4f]; powers %s",
          estimate.natsPerToken(),
          interval().low(),
          interval().high(),
          powers);
    }
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
  }

  private static double least(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).min().orElseThrow();
  }

  private static double greatest(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).max().orElseThrow();
  }

  /** Nats of a coin. */
  private static double entropy(double p) {
    return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }
}
