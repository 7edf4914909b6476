package org.md4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import org.junit.jupiter.api.Test;
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
