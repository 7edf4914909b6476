package org.md4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.run.RunKind;

class TrainingCurveTest {
  private static final int TRAINING = 0x9eb8d9;
  private static final int VALIDATION = 0xc44e2c;

  @TempDir private Path folder;

  @Test
  void isDrawnWithoutADisplay() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int step = 1; step <= 1000; step++) {
      lines.add("{\"event\":\"step\",\"step\":" + step + ",\"bits_per_token\":4.0}");
    }
    lines.add(
        "{\"event\":\"evaluation\",\"step\":1000,\"bits_per_token\":3.9,\"standard_error\":0.1}");
    lines.add("{\"event\":\"step\",\"step\":1001,\"bits_per_token\":null}");

    BufferedImage plot = plotOf(lines);

    assertThat(plot.getWidth()).isGreaterThan(plot.getHeight());
    assertThat(PlotColours.count(plot, VALIDATION)).isPositive();
    assertThat(PlotColours.count(plot, TRAINING)).isPositive();
  }

  @Test
  void oneEvaluationIsEnough() throws IOException {
    BufferedImage plot =
        plotOf(
            List.of(
                "{\"event\":\"evaluation\",\"step\":1,\"bits_per_token\":3.9,\"standard_error\":null}"));

    assertThat(PlotColours.count(plot, VALIDATION)).isPositive();
    assertThat(PlotColours.count(plot, TRAINING)).isZero();
  }

  private BufferedImage plotOf(List<String> lines) throws IOException {
    Path metrics = Files.write(folder.resolve("metrics.jsonl"), lines);
    Path png = folder.resolve("curve.png");
    TrainingCurve.read(metrics).write(png, RunKind.TEXT);
    return ImageIO.read(png.toFile());
  }
}
