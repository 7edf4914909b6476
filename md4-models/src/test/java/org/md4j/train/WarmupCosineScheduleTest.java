package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.md4j.golden.GoldenVectors;

class WarmupCosineScheduleTest {
  @Test
  void matchesVectorTrainLr() {
    JsonNode inputs = GoldenVectors.inputs("train/lr");
    WarmupCosineSchedule schedule =
        new WarmupCosineSchedule(
            inputs.get("base").doubleValue(),
            inputs.get("warm").intValue(),
            inputs.get("total").intValue());

    GoldenVectors.expected("train/lr")
        .fields()
        .forEachRemaining(
            point ->
                GoldenVectors.assertMatches(
                    "train/lr",
                    "rate at step " + point.getKey(),
                    schedule.valueAt(Integer.parseInt(point.getKey()), 0),
                    point.getValue()));
  }

  @Test
  void withoutWarmupStartsAtTheTop() {
    WarmupCosineSchedule schedule = new WarmupCosineSchedule(0.5, 0, 10);

    assertThat(schedule.at(0)).isEqualTo(0.5);
    assertThat(schedule.at(1)).isLessThan(0.5);
  }

  @Test
  void warmupLongerThanTheRunOnlyRises() {
    WarmupCosineSchedule schedule = new WarmupCosineSchedule(1, 100, 10);

    for (int step = 0; step <= 10; step++) {
      assertThat(schedule.at(step)).isCloseTo(step / 100.0, within(1e-15));
    }
  }

  @Test
  void staysZeroAfterTheEnd() {
    WarmupCosineSchedule schedule = new WarmupCosineSchedule(1, 2, 10);

    assertThat(schedule.at(10)).isZero();
    assertThat(schedule.at(15)).isZero();
  }

  @Test
  void rejectsWhatCannotBeARate() {
    assertThatThrownBy(() -> new WarmupCosineSchedule(0, 1, 1))
        .hasMessage("learningRate (0.0) must be above 0 and finite");
    assertThatThrownBy(() -> new WarmupCosineSchedule(Double.NaN, 1, 1))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> new WarmupCosineSchedule(1, -1, 1))
        .hasMessage("warmupSteps (-1) must be at least 0");
    assertThatThrownBy(() -> new WarmupCosineSchedule(1, 0, 0))
        .hasMessage("totalSteps (0) must be at least 1");
  }
}
