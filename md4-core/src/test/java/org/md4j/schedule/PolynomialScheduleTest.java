package org.md4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.contract.MaskingScheduleContract;

class PolynomialScheduleTest {
  @Nested
  class OfPowerHalf extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return MaskingSchedule.polynomial(0.5);
    }
  }

  @Nested
  class OfPowerTwo extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return MaskingSchedule.polynomial(2);
    }
  }

  @Nested
  class OfPowerThree extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return MaskingSchedule.polynomial(3);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.25, 0.5, 1})
  void powerOneIsLinear(double t) {
    PolynomialSchedule polynomial = MaskingSchedule.polynomial(1);
    LinearSchedule linear = MaskingSchedule.linear();

    assertThat(polynomial.alpha(t)).isCloseTo(linear.alpha(t), within(EXACT_DOUBLE));
    assertThat(polynomial.oneMinusAlpha(t)).isEqualTo(linear.oneMinusAlpha(t));
    assertThat(polynomial.alphaPrime(t)).isEqualTo(linear.alphaPrime(t));
    assertThat(polynomial.weight(t)).isEqualTo(linear.weight(t));
  }

  @Test
  void alphaKeepsItsDigitsNearTheEnd() {
    double slope = MaskingSchedule.polynomial(3).alpha(1 - 0x1.0p-45) / 0x1.0p-45;

    assertThat(slope).isCloseTo(3, within(EXACT_DOUBLE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void rejectsPowersThatAreNotPositiveAndFinite(double power) {
    assertThatThrownBy(() -> MaskingSchedule.polynomial(power))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("power (" + power + ") must be positive and finite");
  }
}
