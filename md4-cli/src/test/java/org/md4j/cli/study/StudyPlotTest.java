package org.md4j.cli.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudyPlotTest {
  private static final int WHITE = 0xFFFFFFFF;

  /** Pixels of the axis in its row of the picture, at least; more than all labels together have. */
  private static final int LINE = 600;

  /** Pixels of two numbers, at least. */
  private static final int FEW = 50;

  @TempDir Path folder;

  /** Numbers of evaluations are seldom powers of two; the labels are there all the same. */
  @ParameterizedTest
  @CsvSource({"7.7, 133.7", "8, 256", "15.9, 16.1", "16, 16", "1, 1000"})
  void theAxisIsLabelled(double least, double most) throws IOException {
    StudyPlot plot = new StudyPlot("", "quality", "real", 1);
    plot.add("line", least, 2, 0.1);
    plot.add("line", most, 3, 0.1);

    plot.write(folder.resolve("plot.png"));

    BufferedImage image = ImageIO.read(folder.resolve("plot.png").toFile());
    int axis = image.getHeight() - 1;
    int labels = 0;
    while (dark(image, axis) < LINE) {
      labels += dark(image, axis--);
    }
    assertThat(labels).isGreaterThan(FEW);
  }

  /** The pixels of a row of the picture that are not white. */
  private static int dark(BufferedImage image, int y) {
    return (int)
        IntStream.range(0, image.getWidth()).filter(x -> image.getRGB(x, y) != WHITE).count();
  }
}
