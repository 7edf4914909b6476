package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;
import org.md4j.schedule.MaskingSchedule;

class ToldTimeTest {
  @Test
  void ofStepIsTheSamplersOwn() {
    assertThat(ToldTime.OF_STEP.of(MaskingSchedule.cosine(), 0.3, 7, 8)).isEqualTo(0.3);
  }

  @Test
  void ofVisibleTokensIsTheTimeWithAsManyUnmasked() {
    MaskingSchedule schedule = MaskingSchedule.cosine();
    for (int visible = 0; visible <= 8; visible++) {
      double told = ToldTime.OF_VISIBLE_TOKENS.of(schedule, 0.3, visible, 8);

      assertThat(schedule.alpha(told)).isCloseTo(visible / 8.0, within(Tolerance.EXACT_DOUBLE));
    }
  }

  @Test
  void theEndsOfAClippedScheduleAreTheFirstAndLastTime() {
    MaskingSchedule schedule = MaskingSchedule.linear().clipped(0.2);

    assertThat(ToldTime.OF_VISIBLE_TOKENS.of(schedule, 0.3, 0, 8)).isEqualTo(1.0);
    assertThat(ToldTime.OF_VISIBLE_TOKENS.of(schedule, 0.3, 1, 8)).isEqualTo(1.0);
    assertThat(ToldTime.OF_VISIBLE_TOKENS.of(schedule, 0.3, 7, 8)).isEqualTo(0.0);
    assertThat(ToldTime.OF_VISIBLE_TOKENS.of(schedule, 0.3, 4, 8))
        .isCloseTo(0.5, within(Tolerance.EXACT_DOUBLE));
  }
}
