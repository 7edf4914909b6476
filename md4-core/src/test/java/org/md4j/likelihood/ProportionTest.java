package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ProportionTest {
  private static final Offset<Double> EXACT = within(1e-9);

  /** Wilson's interval solves {@code |share - p| = q sqrt(p (1 - p) / n)}. */
  @Test
  void endsOfTheIntervalSolveItsEquation() {
    Proportion seven = new Proportion(7, 20);
    double q = 1.959963984540054;

    ConfidenceInterval interval = seven.confidenceInterval(0.95);

    assertThat(seven.share()).isEqualTo(0.35);
    for (double p : new double[] {interval.low(), interval.high()}) {
      assertThat(Math.abs(0.35 - p)).isCloseTo(q * Math.sqrt(p * (1 - p) / 20), EXACT);
    }
    assertThat(interval.low()).isLessThan(0.35);
    assertThat(interval.high()).isGreaterThan(0.35);
  }

  @Test
  void noneAndAllHaveIntervalsWithinZeroAndOne() {
    assertThat(new Proportion(0, 10).confidenceInterval(0.9).low()).isZero();
    assertThat(new Proportion(0, 10).confidenceInterval(0.9).high()).isBetween(0.1, 0.3);
    assertThat(new Proportion(10, 10).confidenceInterval(0.9).high()).isCloseTo(1, within(1e-12));
  }

  @Test
  void whatNoTrialsCanGiveIsRefused() {
    assertThatThrownBy(() -> new Proportion(3, 2)).hasMessageContaining("successes (3)");
    assertThatThrownBy(() -> new Proportion(0, 0)).hasMessageContaining("trials at least 1");
  }
}
