package org.md4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.contract.MaskingScheduleContract;

class GeometricScheduleTest extends MaskingScheduleContract {
  @Override
  protected MaskingSchedule schedule() {
    return MaskingSchedule.geometric(1e-5, 20);
  }

  @Test
  void noiseRunsFromItsMinimumToItsMaximum() {
    assertThat(-Math.log1p(-schedule().oneMinusAlpha(0)) / 1e-5).isCloseTo(1, within(EXACT_DOUBLE));
    assertThat(-Math.log(schedule().alpha(1)) / 20).isCloseTo(1, within(EXACT_DOUBLE));
  }

  @Test
  void weightAndLogSnrAreFiniteAtBothEnds() {
    assertThat(schedule().weight(0)).isFinite();
    assertThat(schedule().weight(1)).isFinite();
    assertThat(schedule().logSnr(0)).isFinite();
    assertThat(schedule().logSnr(1)).isFinite();
  }

  /** The ratio of the ends of all but the last is more than a double holds. */
  @ParameterizedTest
  @CsvSource({"1e-300, 1e300", "4.9e-324, 1.7e308", "1e-320, 1", "1e-5, 1e300"})
  void endsMayBeAsFarApartAsNumbersAre(double minimumNoise, double maximumNoise) {
    MaskingSchedule schedule = MaskingSchedule.geometric(minimumNoise, maximumNoise);
    double logRatio = Math.log(maximumNoise) - Math.log(minimumNoise);

    assertThat(schedule.alpha(0)).isEqualTo(Math.exp(-minimumNoise));
    assertThat(schedule.alpha(1)).isEqualTo(Math.exp(-maximumNoise));
    assertThat(schedule.weight(0)).isCloseTo(logRatio, within(1e-4 * logRatio));
    for (double t : new double[] {0, 0.25, 0.5, 1}) {
      double noise = Math.exp((1 - t) * Math.log(minimumNoise) + t * Math.log(maximumNoise));
      assertThat(schedule.alpha(t)).isCloseTo(Math.exp(-noise), within(1e-12));
      assertThat(schedule.alphaPrime(t)).isFinite();
      assertThat(schedule.weight(t)).isFinite().isNotNegative();
      assertThat(schedule.logSnr(t)).isFinite();
      assertThat(schedule.inverseAlpha(schedule.alpha(t))).isBetween(0.0, 1.0);
    }
  }

  @Test
  void rejectsNoiseThatDoesNotGrow() {
    assertThatThrownBy(() -> MaskingSchedule.geometric(0, 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("minimumNoise (0.0) must be positive");
    assertThatThrownBy(() -> MaskingSchedule.geometric(20, 20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maximumNoise (20.0) must be finite and greater than minimumNoise");
    assertThatThrownBy(() -> MaskingSchedule.geometric(1, Double.POSITIVE_INFINITY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maximumNoise (Infinity)");
  }
}
