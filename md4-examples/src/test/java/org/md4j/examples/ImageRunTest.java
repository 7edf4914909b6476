package org.md4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An image run of a few steps from the command line to the last file, and what follows it. */
@TestInstance(Lifecycle.PER_CLASS)
class ImageRunTest {
  private static final int MISTAKE = 2;

  private Path folder;
  private Path run;
  private CommandRun training;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    run = folder.resolve("run");
    Path data = pictures(folder.resolve("data"), 12);
    training =
        CommandRun.of(
            "train",
            "image",
            "--data=" + data,
            "--valid=" + data,
            "--classes",
            "--steps=2",
            "--batch=4",
            "--eval-rows=8",
            "--out=" + run,
            "--json");
  }

  @Test
  void summaryAndFilesAreThere() throws IOException {
    assertThat(training.exitCode()).as(training.err()).isZero();
    JsonNode summary = new ObjectMapper().readTree(training.outLines().get(0));
    assertThat(summary.get("valid_bits").asDouble()).isBetween(6.0, 10.0);
    assertThat(summary.has("dimensions_per_second")).isTrue();
    assertThat(training.err()).contains("bits/dim");
    for (String file : List.of("samples.png", "denoising.png", "curve.png")) {
      assertThat(ImageIO.read(run.resolve(file).toFile()).getWidth()).as(file).isGreaterThan(20);
    }
    assertThat(Files.readString(run.resolve("config.json"))).contains("\"kind\" : \"image\"");
  }

  @Test
  void picturesOfAClassAreDrawn() throws IOException {
    Path out = folder.resolve("drawn.png");
    CommandRun drawn =
        CommandRun.of(
            "sample",
            run.toString(),
            "--count=3",
            "--columns=2",
            "--class=1",
            "--guidance=0.5",
            "--steps=4",
            "--out=" + out);

    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    BufferedImage grid = ImageIO.read(out.toFile());
    assertThat(grid.getWidth()).isEqualTo(grid.getHeight());
  }

  @Test
  void goesOnOnlyAsWhatItIs() {
    assertThat(CommandRun.of("train", "image", "--resume=" + run).exitCode()).isZero();
    CommandRun text = CommandRun.of("train", "text", "--resume=" + run);
    assertThat(text.exitCode()).isEqualTo(MISTAKE);
    assertThat(text.errLines()).singleElement().asString().contains("must hold a run of kind text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sample | --length=4    | --length is of no use to this run",
        "sample | --class=7     | --class (7) must be in 0..1",
        "sample | --guidance=1  | --guidance is of no use without --class",
        "sample | --columns=0   | --columns (0) must be at least 1",
        "infill | a_            | must hold a run of kind text"
      })
  void whatARunHasNotIsOneLine(String command, String option, String line) {
    CommandRun refused = CommandRun.of(command, run.toString(), option);

    assertThat(refused.exitCode()).isEqualTo(MISTAKE);
    assertThat(refused.errLines()).singleElement().asString().contains(line);
  }

  /** A folder of grey and coloured squares in two classes. */
  private static Path pictures(Path folder, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Path of = Files.createDirectories(folder.resolve(i % 2 == 0 ? "dark" : "light"));
      BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 16; pixel++) {
        image.setRGB(pixel % 4, pixel / 4, i % 2 == 0 ? 0x102030 + i : 0xD0E0F0 + pixel);
      }
      ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
    }
    return folder;
  }
}
