package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.contract.TimeGridContract;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;

class TimeGridTest extends TimeGridContract {
  /** {@code sampling_grid/*}. */
  @ParameterizedTest
  @MethodSource("goldenGrids")
  void visitsTheGoldenTimes(String id) {
    JsonNode inputs = GoldenVectors.inputs(id);
    MaskingSchedule schedule =
        schedule(inputs.get("schedule").textValue()).clipped(inputs.get("eps").doubleValue());
    int steps = inputs.get("T").intValue();
    TimeGrid grid = grid(inputs.get("grid").textValue(), steps);
    ForwardProcess process = new ForwardProcess(schedule);

    assertThat(GoldenVectors.expected(id)).hasSize(steps);
    for (JsonNode row : GoldenVectors.expected(id)) {
      int step = row.get("i").intValue();
      double t = grid.time(step);
      double s = grid.time(step + 1);
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
      TimeGrid grid = TimeGrid.uniform(expected.get("T").intValue());
      for (JsonNode row : expected.get("rows")) {
        int step = row.get("i").intValue();
        double t = grid.time(step);
        double s = grid.time(step + 1);
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
  void saysWhichStepsThereAre(TimeGrid grid) {
    int steps = grid.steps();
    assertThatThrownBy(() -> grid.time(-1)).hasMessage("step (-1) must be in 0.." + steps);
    assertThatThrownBy(() -> grid.time(steps + 1))
        .hasMessage("step (" + (steps + 1) + ") must be in 0.." + steps);
  }

  @Override
  protected Stream<TimeGrid> grids() {
    return IntStream.of(1, 2, 3, 7, 256, 1000)
        .boxed()
        .flatMap(
            steps ->
                Stream.of(
                    TimeGrid.uniform(steps),
                    TimeGrid.cosine(steps),
                    TimeGrid.of(
                        IntStream.rangeClosed(0, steps)
                            .mapToDouble(i -> Math.pow(1 - (double) i / steps, 2))
                            .toArray())));
  }

  @Test
  void rejectsGridsThatCannotBe() {
    assertThatThrownBy(() -> TimeGrid.uniform(0)).hasMessage("steps (0) must be at least 1");
    assertThatThrownBy(() -> TimeGrid.cosine(-1)).hasMessage("steps (-1) must be at least 1");
    assertThatThrownBy(() -> TimeGrid.of(1, 0.5))
        .hasMessage(
            "times ([1.0, 0.5]) must begin with 1, end with 0 and have a step between them");
    assertThatThrownBy(() -> TimeGrid.of(0))
        .hasMessageStartingWith("times ([0.0]) must begin with 1");
    assertThatThrownBy(() -> TimeGrid.of(1, 0.5, 0.5, 0))
        .hasMessage("times[2] (0.5) must be less than the time before it, 0.5");
    assertThatThrownBy(() -> TimeGrid.of(1, Double.NaN, 0))
        .hasMessage("times[1] (NaN) must be less than the time before it, 1.0");
  }

  static TimeGrid grid(String name, int steps) {
    return switch (name) {
      case "uniform" -> TimeGrid.uniform(steps);
      case "cosine" -> TimeGrid.cosine(steps);
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
