package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.terminal.Terminal;
import org.md4j.objective.ElboTerms;
import org.md4j.train.EvaluationReport;
import org.md4j.train.StepReport;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingStart;
import org.md4j.train.TrainingSummary;

class ProgressTest {
  /** Sums of two doubles. */
  private static final double ROUNDING = 1e-12;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({"0.4, 0:00", "59.6, 1:00", "125, 2:05", "3725, 1:02:05"})
  void durationsAreAsLongAsNeeded(double seconds, String expected) {
    assertThat(ProgressText.duration(seconds)).isEqualTo(expected);
  }

  @Test
  void averagesAreUnbiasedFromTheFirstStepOn() {
    StepAverage average = new StepAverage(RunKind.TEXT);
    average.add(new StepReport(1, 4, 0, 0, null, 0.5, 100));

    assertThat(average.bitsPerToken()).isEqualTo(4, within(ROUNDING));
    assertThat(average.tokensPerSecond()).isEqualTo(100, within(ROUNDING));
  }

  @Test
  void stepsLeftOutAreCountedAndNotAveraged() {
    StepAverage average = new StepAverage(RunKind.TEXT);
    average.add(new StepReport(1, 4, 0, 0, null, 0.5, 100));
    average.add(new StepReport(2, Double.NaN, 0, 0, null, 0.5, 100));
    average.add(new StepReport(3, 4, 0, Double.POSITIVE_INFINITY, null, 0.5, 100));

    assertThat(average.bitsPerToken()).isEqualTo(4, within(ROUNDING));
    assertThat(average).hasToString("4.000 bits/char, 100 characters/s, 2 steps left out");
  }

  @Test
  void anEvaluationOfOneGroupHasNoStandardError() {
    EvaluationReport one =
        new EvaluationReport(10, 3.5, Double.NaN, new ElboTerms(1, 0, 0), 1, 0.1);

    assertThat(ProgressText.evaluation(one, RunKind.TEXT))
        .startsWith("step 10  validation 3.5000 bits/char");
  }

  @Test
  void plainProgressHasNoEscapes() {
    play(Progress.on(Terminal.plain(out, out), RunKind.TEXT));

    assertThat(shown()).contains("validation 3.5000 +- 0.1000 bits/char").doesNotContain("\u001b");
  }

  @Test
  void liveProgressDrawsABar() {
    play(Progress.on(new Terminal(out, out, true, true, 100), RunKind.TEXT));

    assertThat(shown()).contains("validation 3.5000 +- 0.1000 bits/char", "10/10", "characters/s");
  }

  /** A line that is longer than the terminal is wide would be wrapped, and not drawn over. */
  @ParameterizedTest
  @ValueSource(ints = {32, 40, 60, 79, 80, 109, 110, 111, 160, 200})
  void theBarFitsIntoTheTerminalWithItsSteps(int columns) {
    play(Progress.on(new Terminal(out, out, true, true, columns), RunKind.TEXT));

    assertThat(shown().split("[\r\n]+"))
        .filteredOn(line -> line.startsWith("step") && !line.contains("validation"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.stripTrailing()).hasSizeLessThanOrEqualTo(columns))
        .anySatisfy(line -> assertThat(line).contains(" 10/10 "));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 19, 20, 31})
  void aTerminalTooNarrowForABarGetsLines(int columns) {
    play(Progress.on(new Terminal(out, out, true, true, columns), RunKind.TEXT));

    assertThat(shown()).contains("validation 3.5000").doesNotContain("\u001b", "\r");
  }

  private void play(Progress progress) {
    try (progress) {
      progress.onStart(
          new TrainingStart(
              1000,
              0,
              TrainerConfig.builder(10, 4, 1e-3)
                  .optimizer(adamW -> adamW.warmupSteps(1).emaRate(0.9))
                  .build(),
              16,
              2,
              "slide rules",
              "a",
              "b"));
      progress.onStep(new StepReport(10, 4, 1e-3, 1, null, 0.1, 640));
      progress.onEvaluation(new EvaluationReport(10, 3.5, 0.1, new ElboTerms(1, 0, 0), 32, 0.1));
      progress.onEnd(new TrainingSummary(10, 3.5, 0.1, 1, 0.1, 640, 1000));
    }
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
