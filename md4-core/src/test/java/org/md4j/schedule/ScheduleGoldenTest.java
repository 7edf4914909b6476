package org.md4j.schedule;

import static org.md4j.golden.GoldenVectors.assertMatches;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.golden.GoldenVectors;

/** Golden vectors {@code schedule/*}. */
class ScheduleGoldenTest {
  private static final String ENDPOINTS = "schedule/endpoints_eps";

  static Stream<String> tables() {
    return GoldenVectors.ids("schedule/").filter(id -> !id.equals(ENDPOINTS));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void schedulesMatchTheirTables(String id) {
    JsonNode inputs = GoldenVectors.inputs(id);
    MaskingSchedule schedule =
        schedule(inputs.get("schedule").textValue(), inputs.get("eps").doubleValue());
    for (JsonNode row : GoldenVectors.expected(id)) {
      double t = row.get("t").doubleValue();

      assertMatches(id, "alpha(" + t + ")", schedule.alpha(t), row.get("alpha"));
      assertMatches(
          id, "1 - alpha(" + t + ")", schedule.oneMinusAlpha(t), row.get("one_minus_alpha"));
      assertMatches(id, "alpha'(" + t + ")", schedule.alphaPrime(t), row.get("dalpha_dt"));
      assertMatches(id, "weight(" + t + ")", schedule.weight(t), row.get("weight"));
      assertMatches(id, "logSnr(" + t + ")", schedule.logSnr(t), row.get("log_snr"));
    }
  }

  /** {@code schedule/endpoints_eps}. */
  @Test
  void clippedSchedulesMatchAtBothEnds() {
    double epsilon = GoldenVectors.inputs(ENDPOINTS).get("eps").doubleValue();
    for (Map.Entry<String, JsonNode> entry : GoldenVectors.expected(ENDPOINTS).properties()) {
      MaskingSchedule schedule = schedule(entry.getKey(), epsilon);
      for (Map.Entry<String, JsonNode> end : entry.getValue().properties()) {
        double t = Double.parseDouble(end.getKey());
        String what = entry.getKey() + " at " + t;

        assertMatches(
            ENDPOINTS, "alpha of " + what, schedule.alpha(t), end.getValue().get("alpha"));
        assertMatches(
            ENDPOINTS, "weight of " + what, schedule.weight(t), end.getValue().get("weight"));
      }
    }
  }

  private static MaskingSchedule schedule(String name, double epsilon) {
    MaskingSchedule base =
        switch (name) {
          case "linear" -> MaskingSchedule.linear();
          case "cosine" -> MaskingSchedule.cosine();
          case "geometric" -> MaskingSchedule.geometric(1e-5, 20);
          default ->
              MaskingSchedule.polynomial(Double.parseDouble(name.substring("poly".length())));
        };
    return epsilon == 0 ? base : base.clipped(epsilon);
  }
}
