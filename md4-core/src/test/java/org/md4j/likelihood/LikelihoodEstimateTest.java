package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.schedule.MaskingSchedule;

class LikelihoodEstimateTest {
  private static final LikelihoodProtocol PROTOCOL =
      LikelihoodProtocol.maskCount(MaskingSchedule.linear(), 2);

  @Test
  void unitsAreThoseOfTheirNames() {
    LikelihoodEstimate estimate = estimate(Math.log(4), 0.1 * Math.log(2), 5);

    assertThat(estimate.bitsPerToken()).isCloseTo(2, within(Tolerance.EXACT_DOUBLE));
    assertThat(estimate.standardError()).isCloseTo(0.1, within(Tolerance.EXACT_DOUBLE));
    assertThat(estimate.perplexity()).isCloseTo(4, within(Tolerance.EXACT_DOUBLE));
    assertThat(estimate.variancePerEvaluation())
        .isCloseTo(0.01 * 10, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void readsAsValueAndError() {
    assertThat(estimateOfBits(2, 0.1, 5)).hasToString("2.0000 +- 0.1000 bits per token");
  }

  /** 2.7764 is the 97.5 % quantile of t with 4 degrees of freedom in any printed table. */
  @Test
  void intervalIsStudents() {
    ConfidenceInterval interval = estimateOfBits(1, 0.1, 5).confidenceInterval(0.95);

    assertThat(interval.low()).isCloseTo(1 - 0.27764, within(1e-5));
    assertThat(interval.high()).isCloseTo(1 + 0.27764, within(1e-5));
    assertThat(interval.contains(0.8)).isTrue();
    assertThat(interval.contains(0.7)).isFalse();
    assertThat(interval.contains(1.3)).isFalse();
    assertThatThrownBy(() -> estimate(1, 0.1, 5).confidenceInterval(95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("level (95.0) must be in (0, 1)");
    assertThatThrownBy(() -> new ConfidenceInterval(2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("low (2.0) must not exceed high (1.0)");
  }

  @Test
  void precisionIsReachedWhenTheErrorIsNotGreater() {
    assertThat(estimateOfBits(1, 0.1, 5).reachedPrecision(0.1)).isTrue();
    assertThat(estimateOfBits(1, 0.1, 5).reachedPrecision(0.09)).isFalse();
  }

  @Test
  void estimatesWithoutAnErrorAreRefused() {
    assertThatThrownBy(() -> estimate(1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("groups (1) must be at least 2");
    assertThatThrownBy(() -> estimate(1, Double.NaN, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("standardErrorNats (NaN)");
  }

  @Test
  void meanOfOneNumberHasNoInterval() {
    SampleMean mean = SampleMean.of(new double[] {3});

    assertThat(mean.mean()).isEqualTo(3);
    assertThat(mean.standardError()).isNaN();
    assertThatThrownBy(() -> mean.confidenceInterval(0.95))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("two finite observations");
    assertThat(SampleMean.of(new double[] {1, Double.NEGATIVE_INFINITY}).mean())
        .isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void intervalOfAMeanIsStudents() {
    ConfidenceInterval interval =
        SampleMean.of(new double[] {1, 2, 3, 4, 5}).confidenceInterval(0.95);

    assertThat(interval.high()).isCloseTo(3 + 2.77645 * Math.sqrt(0.5), within(1e-4));
    assertThat(interval.low()).isCloseTo(3 - 2.77645 * Math.sqrt(0.5), within(1e-4));
  }

  @Test
  void protocolsAreWhatTheirNamesSay() {
    MaskingSchedule schedule = MaskingSchedule.reference();

    assertThat(LikelihoodProtocol.paper(schedule))
        .isEqualTo(new LikelihoodProtocol(new ContinuousTimeElbo(schedule), 32, 1));
    assertThat(LikelihoodProtocol.stratifiedTime(schedule, 4))
        .isEqualTo(new LikelihoodProtocol(new ContinuousTimeElbo(schedule), 1, 4));
    assertThat(LikelihoodProtocol.maskCount(schedule, 8))
        .isEqualTo(new LikelihoodProtocol(new MaskCountElbo(schedule), 1, 8));
    assertThatThrownBy(() -> LikelihoodProtocol.maskCount(schedule, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("drawsPerRow (0)");
  }

  @Test
  void rowsWithMasksHaveNoLikelihood() {
    assertThatThrownBy(
            () -> RowSource.of("rows", Rows.of(TokenBatch.of(new Vocabulary(2), new int[] {0, 2}))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not hold masks, got one at row 0, position 1");
  }

  private static LikelihoodEstimate estimateOfBits(double bits, double standardError, long groups) {
    return estimate(bits * Nats.PER_BIT, standardError * Nats.PER_BIT, groups);
  }

  private static LikelihoodEstimate estimate(double nats, double standardError, long groups) {
    return new LikelihoodEstimate(nats, standardError, groups, groups, 10, 3, PROTOCOL, 1);
  }
}
