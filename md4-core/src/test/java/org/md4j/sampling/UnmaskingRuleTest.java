package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.MaskingSchedule;

class UnmaskingRuleTest {
  /** {@code posterior/euler_vs_ancestral}. */
  @Test
  void everyRuleMatchesItsGoldenColumn() {
    String id = "posterior/euler_vs_ancestral";
    for (JsonNode row : GoldenVectors.expected(id)) {
      MaskingSchedule schedule =
          row.get("schedule").textValue().equals("linear")
              ? MaskingSchedule.linear()
              : MaskingSchedule.cosine();
      double t = row.get("t").doubleValue();
      double s = t - row.get("dt").doubleValue();

      assertColumn(id, row, UnmaskingRule.ANCESTRAL.probability(schedule, s, t), "ancestral");
      assertColumn(id, row, UnmaskingRule.EULER.probability(schedule, s, t), "euler");
      assertColumn(id, row, UnmaskingRule.TAU_LEAPING.probability(schedule, s, t), "tau_leap");
    }
  }

  private static void assertColumn(String id, JsonNode row, double actual, String column) {
    GoldenVectors.assertMatches(id, column + " of " + row, actual, row.get(column));
  }

  @Test
  void onlyTheExactRuleAndEulersRevealEverythingInTheEnd() {
    MaskingSchedule schedule = MaskingSchedule.linear();

    assertThat(UnmaskingRule.ANCESTRAL.probability(schedule, 0, 0.25)).isEqualTo(1.0);
    assertThat(UnmaskingRule.EULER.probability(schedule, 0, 0.25)).isEqualTo(1.0);
    assertThat(UnmaskingRule.TAU_LEAPING.probability(schedule, 0, 0.25)).isEqualTo(-Math.expm1(-1));
  }

  @Test
  void eulerIsNoMoreThanCertain() {
    MaskingSchedule steep = MaskingSchedule.polynomial(3);

    assertThat(UnmaskingRule.EULER.probability(steep, 0, 0.5)).isEqualTo(1.0);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5", "0.6, 0.5", "-0.1, 0.5", "0.5, 1.1", "NaN, 0.5"})
  void rejectsTimesOutOfOrder(double s, double t) {
    for (UnmaskingRule rule : UnmaskingRule.values()) {
      assertThatThrownBy(() -> rule.probability(MaskingSchedule.linear(), s, t))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("s (" + s + ") and t (" + t + ") must satisfy 0 <= s < t <= 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void smallStepsRevealAtTheRateOfTheSchedule(UnmaskingRule rule) {
    MaskingSchedule schedule = MaskingSchedule.cosine();
    double step = 1e-7;

    assertThat(rule.probability(schedule, 0.6 - step, 0.6) / step / schedule.weight(0.6))
        .isBetween(1 - 1e-6, 1 + 1e-6);
  }
}
