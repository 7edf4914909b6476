package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.terminal.Terminal;
import org.md4j.objective.ElboTerms;
import org.md4j.train.EvaluationReport;
import org.md4j.train.StepReport;

class CurveFileTest {
  private static final String FIRST = "{\"event\":\"step\",\"step\":1,\"bits_per_token\":4.0}\n";
  private static final String SECOND = "{\"event\":\"step\",\"step\":2,\"bits_per_token\":3.0}\n";

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @TempDir private Path path;

  @Test
  void isDrawnAtAnEvaluationAndAfterwardsWhenARunStops() throws IOException {
    RunFolder folder = new RunFolder(path);
    Files.writeString(folder.metrics(), FIRST);
    byte[] one = drawn(folder);
    try (CurveFile curve = new CurveFile(folder, RunKind.TEXT, terminal())) {
      curve.onStep(new StepReport(1, 4, 1, 1, null, 1, 1));
      assertThat(folder.curve()).doesNotExist();

      curve.onEvaluation(new EvaluationReport(1, 4, 0.1, new ElboTerms(1, 0, 0), 16, 1));
      assertThat(folder.curve()).hasBinaryContent(one);

      Files.writeString(folder.metrics(), FIRST + SECOND);
      curve.onStep(new StepReport(2, 4, 1, 1, null, 1, 1));
    }

    byte[] both = drawn(folder);
    assertThat(both).isNotEqualTo(one);
    assertThat(folder.curve()).hasBinaryContent(both);
  }

  @Test
  void aRunThatNeverStartedHasNone() {
    new CurveFile(new RunFolder(path), RunKind.TEXT, terminal()).close();

    assertThat(path).isEmptyDirectory();
  }

  @Test
  void oneThatCannotBeDrawnIsAWarning() throws IOException {
    RunFolder folder = new RunFolder(path);
    Files.writeString(folder.metrics(), FIRST);
    Files.createDirectories(folder.curve().resolve("in the way"));

    try (CurveFile curve = new CurveFile(folder, RunKind.TEXT, terminal())) {
      curve.onEvaluation(new EvaluationReport(1, 4, 0.1, new ElboTerms(1, 0, 0), 16, 1));
    }

    assertThat(said.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .startsWith(folder.curve() + " is not written, the run goes on without: ");
  }

  private Terminal terminal() {
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    return Terminal.plain(err, err);
  }

  /** The plot of what the metrics file says now. */
  private byte[] drawn(RunFolder folder) throws IOException {
    Path png = path.resolve("expected.png");
    TrainingCurve.read(folder.metrics()).write(png, RunKind.TEXT);
    return Files.readAllBytes(png);
  }
}
