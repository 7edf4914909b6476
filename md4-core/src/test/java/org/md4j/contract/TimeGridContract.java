package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.sampling.TimeGrid;

/** What every {@link TimeGrid} promises: extend this class and hand it grids of your own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TimeGridContract {
  /** The grids under test, of few steps and of many. */
  protected abstract Stream<TimeGrid> grids();

  @ParameterizedTest
  @MethodSource("grids")
  protected final void startsAtOneEndsAtZeroAndDecreases(TimeGrid grid) {
    assertThat(grid.steps()).isPositive();
    assertThat(grid.time(0)).isEqualTo(1.0);
    assertThat(grid.time(grid.steps())).isEqualTo(0.0);
    for (int step = 0; step < grid.steps(); step++) {
      assertThat(grid.time(step + 1)).isLessThan(grid.time(step));
    }
  }

  @ParameterizedTest
  @MethodSource("grids")
  protected final void aStepHasTheSameTimeWheneverItIsAskedFor(TimeGrid grid) {
    for (int step = grid.steps(); step >= 0; step--) {
      assertThat(grid.time(step)).isEqualTo(grid.time(step));
    }
  }

  @ParameterizedTest
  @MethodSource("grids")
  protected final void rejectsAStepThatIsNotThere(TimeGrid grid) {
    for (int step : new int[] {-1, grid.steps() + 1}) {
      assertThatThrownBy(() -> grid.time(step))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("step (" + step + ")");
    }
  }
}
