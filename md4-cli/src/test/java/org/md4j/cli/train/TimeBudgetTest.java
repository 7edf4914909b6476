package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.terminal.CommandException;
import org.md4j.train.TrainerConfig;

class TimeBudgetTest {
  @ParameterizedTest
  @CsvSource({
    "2, 0.5, 20, 0, 200",
    "2, 0.5, 20, 10, 40",
    "0.1, 1, 20, 0, 0",
    "1, 0.01, 0, 5, 6000"
  })
  void evaluationsTakeTheirPartOfTheTime(
      double minutes, double step, double evaluation, int every, int expected) {
    TrainerConfig settings =
        TrainerConfig.builder(1, 1, 1e-3).evaluation(when -> when.every(every)).build();

    assertThat(new TimeBudget(minutes).steps(step, evaluation, settings)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoTimeIsRefused(double minutes) {
    assertThatThrownBy(() -> new TimeBudget(minutes))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("--minutes (" + minutes + ")");
  }
}
