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

class ClippedScheduleTest {
  @Nested
  class OfLinear extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return MaskingSchedule.reference();
    }
  }

  @Nested
  class OfCosine extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return MaskingSchedule.cosine().clipped(ClippedSchedule.REFERENCE_EPSILON);
    }
  }

  @Nested
  class OfPolynomial extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return MaskingSchedule.polynomial(2).clipped(0.01);
    }
  }

  @Nested
  class OfGeometric extends MaskingScheduleContract {
    @Override
    protected MaskingSchedule schedule() {
      return MaskingSchedule.geometric(1e-5, 20).clipped(1e-3);
    }
  }

  @Test
  void theReferenceIsLinearClippedAtOneInTenThousand() {
    assertThat(MaskingSchedule.reference())
        .isEqualTo(new ClippedSchedule(new LinearSchedule(), 1e-4));
  }

  @Test
  void runsFromOneMinusEpsilonToEpsilon() {
    ClippedSchedule clipped = MaskingSchedule.cosine().clipped(0.01);

    assertThat(clipped.alpha(0)).isCloseTo(0.99, within(EXACT_DOUBLE));
    assertThat(clipped.oneMinusAlpha(0)).isEqualTo(0.01);
    assertThat(clipped.alpha(1)).isEqualTo(0.01);
    assertThat(clipped.oneMinusAlpha(1)).isCloseTo(0.99, within(EXACT_DOUBLE));
  }

  @Test
  void inverseForgivesTheRoundingOfItsOwnLogSnr() {
    MaskingSchedule schedule = MaskingSchedule.reference();
    for (double t : new double[] {0, 1}) {
      double sigmoid = 1 / (1 + Math.exp(-schedule.logSnr(t)));

      assertThat(schedule.inverseAlpha(sigmoid)).isCloseTo(t, within(EXACT_DOUBLE));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1e-4, 0.5, Double.NaN})
  void rejectsEpsilonsThatLeaveNoRange(double epsilon) {
    assertThatThrownBy(() -> MaskingSchedule.linear().clipped(epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("epsilon (" + epsilon + ") must be in (0, 0.5)");
  }
}
