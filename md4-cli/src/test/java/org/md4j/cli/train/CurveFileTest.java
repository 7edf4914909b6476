package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.objective.ElboTerms;
import org.md4j.train.EvaluationReport;
import org.md4j.train.StepReport;

class CurveFileTest {
  private static final String LINE = "{\"event\":\"step\",\"step\":1,\"bits_per_token\":4.0}\n";

  @TempDir private Path path;

  @Test
  void isDrawnAtAnEvaluationAndAfterwardsWhenARunStops() throws IOException {
    RunFolder folder = new RunFolder(path);
    Files.writeString(folder.metrics(), LINE);
    try (CurveFile curve = new CurveFile(folder, RunKind.TEXT)) {
      curve.onStep(new StepReport(1, 4, 1, 1, null, 1, 1));
      assertThat(folder.curve()).doesNotExist();

      curve.onEvaluation(new EvaluationReport(1, 4, 0.1, new ElboTerms(1, 0, 0), 16, 1));
      assertThat(ImageIO.read(folder.curve().toFile())).isNotNull();

      Files.delete(folder.curve());
      curve.onStep(new StepReport(2, 4, 1, 1, null, 1, 1));
    }

    assertThat(ImageIO.read(folder.curve().toFile())).isNotNull();
  }

  @Test
  void aRunThatNeverStartedHasNone() {
    RunFolder folder = new RunFolder(path);
    try (CurveFile curve = new CurveFile(folder, RunKind.TEXT)) {
      assertThat(curve).isNotNull();
    }

    assertThat(path).isEmptyDirectory();
  }
}
