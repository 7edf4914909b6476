package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Model;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.TrainerConfig;

@Tag("slow")
class TimeBudgetTest {
  @ParameterizedTest
  @CsvSource({
    "120, 0.5, 20, 0, 200",
    "120, 0.5, 20, 10, 40",
    "6, 1, 20, 0, 0",
    "-3, 1, 20, 0, 0",
    "60, 0.01, 0, 5, 6000"
  })
  void evaluationsTakeTheirPartOfTheTime(
      double seconds, double step, double evaluation, int every, int expected) {
    TrainerConfig settings =
        TrainerConfig.builder(1, 1, 1e-3).evaluation(when -> when.every(every)).build();

    assertThat(TimeBudget.steps(seconds, step, evaluation, settings)).isEqualTo(expected);
  }

  @Test
  void stepsAreTimedInAFewOfThem(@TempDir Path folder) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    TextTraining training =
        new TextTraining(
            new TextRunConfig(
                "test",
                Model.MD4,
                null,
                TransformerConfig.builder(27, 16).layers(1).heads(1).headSize(8).build(),
                TrainerConfig.builder(1, 8, 0.02)
                    .accumulation(2)
                    .evaluation(evaluation -> evaluation.every(1_000).rows(32))
                    .replicas(1)
                    .build()),
            new RunFolder(folder.resolve("run")),
            Terminal.plain(err, err),
            Precision.F32);

    int steps = training.stepsWithin(new TimeBudget(1_000));

    assertThat(steps).isGreaterThan(20);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .startsWith(steps + " steps fit in 1000.0 minutes");
    assertThat(folder.resolve("run")).doesNotExist();
    assertThatThrownBy(() -> training.stepsWithin(new TimeBudget(1e-6)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("--minutes (1.0E-6) must allow for at least 20 steps");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatIsNoTimeIsRefused(double minutes) {
    assertThatThrownBy(() -> new TimeBudget(minutes))
        .isInstanceOf(CommandException.class)
        .hasMessageStartingWith("--minutes (" + minutes + ")");
  }
}
