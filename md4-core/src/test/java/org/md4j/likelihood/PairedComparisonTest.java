package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.objective.Elbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.FixedDenoiser;
import org.md4j.toy.ToyDenoiser;

class PairedComparisonTest {
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final EndlessText TEXT = EndlessText.skewed(BINARY, 3);
  private static final LikelihoodProtocol PROTOCOL =
      LikelihoodProtocol.maskCount(MaskingSchedule.linear(), 1);
  private static final Denoiser MODEL = new ToyDenoiser(BINARY);
  private static final Denoiser SIMILAR = new ToyDenoiser(BINARY, t -> 0.05);

  @Test
  void similarModelsAreToldApartFarBetterThanApart() {
    PairedComparison comparison = compare(MODEL, SIMILAR, 4096);
    double apart =
        Math.hypot(comparison.first().standardError(), comparison.second().standardError());
    double exact =
        (TEXT.exact((Elbo) PROTOCOL.objective(), MODEL)
                - TEXT.exact((Elbo) PROTOCOL.objective(), SIMILAR))
            / Nats.PER_BIT;

    assertThat(comparison.standardError()).isPositive().isLessThan(0.1 * apart);
    assertThat(comparison.difference())
        .isCloseTo(exact, within(Tolerance.SIGMAS * comparison.standardError()))
        .isCloseTo(
            comparison.first().bitsPerToken() - comparison.second().bitsPerToken(),
            within(Tolerance.EXACT_DOUBLE));
    assertThat(comparison.confidenceInterval(0.95).contains(0)).as("the sign is certain").isFalse();
    assertThat(Math.abs(exact)).as("apart it would not be").isLessThan(apart);
  }

  @Test
  void estimatesAreThoseOfEachModelByItself() {
    PairedComparison comparison = compare(MODEL, SIMILAR, 200);

    assertThat(comparison.first()).isEqualTo(estimate(MODEL, 200));
    assertThat(comparison.second()).isEqualTo(estimate(SIMILAR, 200));
  }

  @Test
  void aModelDoesNotDifferFromItself() {
    PairedComparison comparison = compare(MODEL, MODEL, 100);

    assertThat(comparison.difference()).isZero();
    assertThat(comparison.standardError()).isZero();
  }

  @Test
  void differenceIsPositiveIfTheSecondIsBetter() {
    Denoiser worse = FixedDenoiser.of(0.99, 0.01);

    assertThat(compare(worse, FixedDenoiser.uniform(2), 500).confidenceInterval(0.99).low())
        .isPositive();
  }

  @Test
  void estimatesOfDifferentSeedsAreNoPair() {
    LikelihoodEstimate first = estimate(MODEL, 100);
    LikelihoodEstimate second =
        new LikelihoodEstimator(SIMILAR, TEXT, PROTOCOL, new CounterRandom(9)).estimate(100);

    assertThatThrownBy(() -> new PairedComparison(first, second, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be measured as first was");
  }

  private static PairedComparison compare(Denoiser first, Denoiser second, long evaluations) {
    return PairedComparison.of(first, second, TEXT, PROTOCOL, new CounterRandom(5), evaluations);
  }

  private static LikelihoodEstimate estimate(Denoiser denoiser, long evaluations) {
    return new LikelihoodEstimator(denoiser, TEXT, PROTOCOL, new CounterRandom(5))
        .estimate(evaluations);
  }
}
