package org.md4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.md4j.contract.MaskingScheduleContract;

class LinearScheduleTest extends MaskingScheduleContract {
  @Override
  protected MaskingSchedule schedule() {
    return MaskingSchedule.linear();
  }

  @Test
  void runsFromOneToZeroExactly() {
    assertThat(schedule().alpha(0)).isEqualTo(1);
    assertThat(schedule().alpha(1)).isZero();
    assertThat(schedule().weight(0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(schedule().weight(1)).isEqualTo(1);
  }
}
