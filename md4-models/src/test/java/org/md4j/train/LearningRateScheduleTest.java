package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LearningRateScheduleTest {
  private static final double ROUNDING = 1e-15;

  @ParameterizedTest
  @CsvSource({
    "COSINE, 0, 0",
    "COSINE, 5, 0.5",
    "COSINE, 10, 1",
    "COSINE, 55, 0.5",
    "COSINE, 99, 0.0003045865",
    "LINEAR, 5, 0.5",
    "LINEAR, 10, 1",
    "LINEAR, 19, 0.9",
    "LINEAR, 55, 0.5",
    "LINEAR, 91, 0.1",
    "LINEAR, 100, 0",
    "WARMUP_STABLE_DECAY, 5, 0.5",
    "WARMUP_STABLE_DECAY, 10, 1",
    "WARMUP_STABLE_DECAY, 75, 1",
    "WARMUP_STABLE_DECAY, 76, 0.96",
    "WARMUP_STABLE_DECAY, 95, 0.2",
    "WARMUP_STABLE_DECAY, 99, 0.04",
    "WARMUP_STABLE_DECAY, 100, 0",
    "WARMUP_STABLE_DECAY, 150, 0",
  })
  void hasTheValuesOfItsShape(RateShape shape, int step, double share) {
    LearningRateSchedule schedule = new LearningRateSchedule(0.4, 10, 100, shape, 0.25);

    assertThat(schedule.at(step)).isCloseTo(0.4 * share, within(1e-10));
    assertThat(schedule.valueAt(step, 7)).isEqualTo(schedule.at(step));
    assertThat(schedule.clone()).isEqualTo(schedule);
  }

  @Test
  void cosineIsWhatItWasToTheBit() {
    double base = 2e-3;
    LearningRateSchedule schedule = new LearningRateSchedule(base, 37, 997, RateShape.COSINE, 0.2);
    WarmupCosineSchedule cosine = new WarmupCosineSchedule(base, 37, 997);
    for (int step = 0; step < 1000; step++) {
      double expected = 0;
      if (step < 37) {
        expected = base * step / 37;
      } else if (step < 997) {
        double progress = (double) (step - 37) / (997 - 37);
        expected = base * 0.5 * (1 + Math.cos(Math.PI * progress));
      }

      assertThat(schedule.at(step)).isEqualTo(expected);
      assertThat(cosine.at(step)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(RateShape.class)
  void risesThenNeverRisesAndEndsAtZero(RateShape shape) {
    for (int warmup : new int[] {0, 1, 40, 95, 99}) {
      LearningRateSchedule schedule = new LearningRateSchedule(3, warmup, 100, shape, 0.2);
      assertThat(schedule.at(warmup)).isEqualTo(3);
      for (int step = warmup; step < 110; step++) {
        assertThat(schedule.at(step + 1)).isBetween(0.0, schedule.at(step));
      }
      assertThat(schedule.at(100)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(RateShape.class)
  void warmupLongerThanTheRunOnlyRises(RateShape shape) {
    LearningRateSchedule schedule = new LearningRateSchedule(1, 100, 10, shape, 0.2);

    for (int step = 0; step <= 10; step++) {
      assertThat(schedule.at(step)).isCloseTo(step / 100.0, within(ROUNDING));
    }
  }

  @Test
  void theDefaultIsACosineWhoseOtherSettingsAreThoseGiven() {
    OptimizerConfig settings = OptimizerConfig.builder(0.1).warmupSteps(4).build();

    assertThat(settings.rateShape()).isEqualTo(RateShape.COSINE);
    assertThat(settings.cooldownShare()).isEqualTo(0.2);
    assertThat(
            settings.toBuilder()
                .rateShape(RateShape.LINEAR)
                .cooldownShare(0.5)
                .build()
                .schedule(0.3, 20))
        .isEqualTo(new LearningRateSchedule(0.3, 4, 20, RateShape.LINEAR, 0.5));
  }

  @Test
  void adamWFollowsTheShapeWhateverItUpdates() {
    TrainerConfig config =
        TrainerConfig.builder(50, 1, 0.1)
            .optimizer(adamW -> adamW.warmupSteps(4).rateShape(RateShape.LINEAR).cooldownShare(0.4))
            .build();

    assertThat(AdamW.of(config, 3, 0.7))
        .isEqualTo(
            new AdamW(
                0.1 * 3,
                new LearningRateSchedule(0.1 * 3, 4, 50, RateShape.LINEAR, 0.4),
                0.9,
                0.999,
                1e-8,
                0.7));
  }

  @Test
  void rejectsWhatCannotBeARate() {
    assertThatThrownBy(() -> new LearningRateSchedule(0, 1, 1, RateShape.LINEAR, 0.2))
        .hasMessage("learningRate (0.0) must be above 0 and finite");
    assertThatThrownBy(() -> new LearningRateSchedule(1, -1, 1, RateShape.LINEAR, 0.2))
        .hasMessage("warmupSteps (-1) must be at least 0");
    assertThatThrownBy(() -> new LearningRateSchedule(1, 0, 0, RateShape.LINEAR, 0.2))
        .hasMessage("totalSteps (0) must be at least 1");
    assertThatThrownBy(() -> new LearningRateSchedule(1, 0, 1, RateShape.LINEAR, 0))
        .hasMessage("cooldownShare (0.0) must be in (0, 1]");
    assertThatThrownBy(() -> new LearningRateSchedule(1, 0, 1, RateShape.LINEAR, 1.1))
        .hasMessage("cooldownShare (1.1) must be in (0, 1]");
  }
}
