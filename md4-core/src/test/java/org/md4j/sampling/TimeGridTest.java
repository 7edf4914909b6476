package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;

class TimeGridTest {
  /** {@code sampling_grid/*}. */
  @ParameterizedTest
  @MethodSource("goldenGrids")
  void visitsTheGoldenTimes(String id) {
    JsonNode inputs = GoldenVectors.inputs(id);
    MaskingSchedule schedule =
        schedule(inputs.get("schedule").textValue()).clipped(inputs.get("eps").doubleValue());
    TimeGrid grid = grid(inputs.get("grid").textValue());
    int steps = inputs.get("T").intValue();
    ForwardProcess process = new ForwardProcess(schedule);

    assertThat(GoldenVectors.expected(id)).hasSize(steps);
    for (JsonNode row : GoldenVectors.expected(id)) {
      int step = row.get("i").intValue();
      double t = grid.time(step, steps);
      double s = grid.time(step + 1, steps);
      GoldenVectors.assertMatches(id, "t of step " + step, t, row.get("t"));
      // The script's last time is a cosine that rounding leaves at 6e-17; ours is 0.
      assertThat(s).isCloseTo(row.get("s").doubleValue(), within(Tolerance.EXACT_DOUBLE));
      GoldenVectors.assertMatches(id, "alpha_t", schedule.alpha(t), row.get("alpha_t"));
      GoldenVectors.assertMatches(id, "alpha_s", schedule.alpha(s), row.get("alpha_s"));
      GoldenVectors.assertMatches(
          id, "p_unmask", process.unmaskProbability(s, t), row.get("p_unmask"));
    }
  }

  static Stream<String> goldenGrids() {
    return GoldenVectors.ids("sampling_grid/");
  }

  /** {@code sampling/expected_tokens_revealed}. */
  @Test
  void revealsTheGoldenNumberOfTokensInEachStep() {
    String id = "sampling/expected_tokens_revealed";
    for (JsonNode expected : GoldenVectors.expected(id)) {
      MaskingSchedule schedule = schedule(expected.get("schedule").textValue());
      ForwardProcess process = new ForwardProcess(schedule);
      TimeGrid grid = TimeGrid.uniform();
      int steps = expected.get("T").intValue();
      for (JsonNode row : expected.get("rows")) {
        int step = row.get("i").intValue();
        double t = grid.time(step, steps);
        double s = grid.time(step + 1, steps);
        double masked = expected.get("N").intValue() * schedule.oneMinusAlpha(t);
        GoldenVectors.assertMatches(
            id,
            "step " + step,
            masked * process.unmaskProbability(s, t),
            row.get("expected_revealed"));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("grids")
  void startsAtOneEndsAtZeroAndDecreases(TimeGrid grid) {
    for (int steps : new int[] {1, 2, 3, 7, 256, 1000}) {
      assertThat(grid.time(0, steps)).isEqualTo(1.0);
      assertThat(grid.time(steps, steps)).isEqualTo(0.0);
      for (int step = 0; step < steps; step++) {
        assertThat(grid.time(step + 1, steps)).isLessThan(grid.time(step, steps));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("grids")
  void rejectsAStepThatIsNotThere(TimeGrid grid) {
    assertThatThrownBy(() -> grid.time(-1, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("step (-1) must be in 0..4");
    assertThatThrownBy(() -> grid.time(5, 4)).hasMessageStartingWith("step (5) must be in 0..4");
    assertThatThrownBy(() -> grid.time(0, 0)).hasMessageContaining("at least 1, got 0");
  }

  static Stream<TimeGrid> grids() {
    return Stream.of(TimeGrid.uniform(), TimeGrid.cosine());
  }

  static TimeGrid grid(String name) {
    return switch (name) {
      case "uniform" -> TimeGrid.uniform();
      case "cosine" -> TimeGrid.cosine();
      default -> throw new IllegalArgumentException("grid (" + name + ") must be one known here");
    };
  }

  private static MaskingSchedule schedule(String name) {
    return switch (name) {
      case "linear" -> MaskingSchedule.linear();
      case "cosine" -> MaskingSchedule.cosine();
      default ->
          throw new IllegalArgumentException("schedule (" + name + ") must be one known here");
    };
  }
}
