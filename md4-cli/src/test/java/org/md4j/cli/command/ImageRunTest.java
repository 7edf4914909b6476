package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.CommandRun;
import org.md4j.cli.terminal.Terminal;

/** Image runs of a few steps from the command line to the last file, and what follows them. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class ImageRunTest {
  private static final int MISTAKE = 2;
  private static final int PICTURES = 12;
  private static final int SIDE = TinyPictures.SIDE;
  private static final int DIMENSIONS = SIDE * SIDE * 3;
  private static final int SCALE = 8;
  private static final int GAP = 2;
  private static final String MASKED_GREY = "ff808080";

  private Path folder;
  private Path data;
  private CommandRun training;
  private CommandRun learnedSchedule;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    data = TinyPictures.in(folder.resolve("data"), PICTURES);
    training = train("md4", "--classes");
    learnedSchedule = train("genmd4", "--mask-samples=single");
  }

  private CommandRun train(String model, String option) {
    return CommandRun.of(
        "train",
        "image",
        "--model=" + model,
        option,
        "--data=" + data,
        "--valid=" + data,
        "--steps=2",
        "--batch=4",
        "--eval-rows=8",
        "--out=" + folder.resolve(model),
        "--json");
  }

  @Test
  void summaryAndFilesAreThere() throws IOException {
    assertThat(training.exitCode()).as(training.err()).isZero();
    JsonNode summary = new ObjectMapper().readTree(training.outLines().get(0));
    assertThat(summary.get("valid_bits").asDouble()).isBetween(6.0, 10.0);
    assertThat(summary.has("dimensions_per_second")).isTrue();
    assertThat(training.err()).contains("bits/dim");
    Path run = folder.resolve("md4");
    for (String file : List.of("samples.png", "denoising.png", "curve.png")) {
      assertThat(ImageIO.read(run.resolve(file).toFile()).getWidth()).as(file).isGreaterThan(20);
    }
    assertThat(Files.readString(run.resolve("config.json")))
        .contains("\"kind\" : \"image\"", "\"classNames\" : [ \"dark\", \"light\" ]");
    assertThat(run.resolve("schedule.png")).doesNotExist();
  }

  @Test
  void aLearnedScheduleIsPlotted() throws IOException {
    assertThat(learnedSchedule.exitCode()).as(learnedSchedule.err()).isZero();
    BufferedImage plot = ImageIO.read(folder.resolve("genmd4/schedule.png").toFile());
    assertThat(plot.getWidth()).isGreaterThan(plot.getHeight());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--class=1", "--class=light", "--class=dark", "--class=0"})
  void picturesOfAClassAreDrawn(String option) throws IOException {
    Path out = folder.resolve("drawn" + option + ".png");
    Path each = folder.resolve("each" + option);
    CommandRun drawn =
        md4(
            "sample",
            "md4",
            "--count=3",
            "--columns=2",
            option,
            "--guidance=0.5",
            "--steps=4",
            "--each=" + each,
            "--out=" + out);
    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    BufferedImage grid = ImageIO.read(out.toFile());
    assertThat(grid.getWidth()).isEqualTo(grid.getHeight());
    for (int i = 0; i < 3; i++) {
      BufferedImage single = ImageIO.read(each.resolve("0000" + i + ".png").toFile());
      assertThat(single.getWidth()).isEqualTo(SIDE);
      assertThat(cell(grid, i % 2, i / 2)).isEqualTo(pixels(single));
    }
  }

  @Test
  void aNameIsTheNumberOfItsClass() throws IOException {
    Path byName = folder.resolve("name.png");
    Path byNumber = folder.resolve("number.png");
    md4("sample", "md4", "--count=1", "--class=light", "--steps=4", "--out=" + byName);
    md4("sample", "md4", "--count=1", "--class=1", "--steps=4", "--out=" + byNumber);
    assertThat(byName).hasSameBinaryContentAs(byNumber);
  }

  @ParameterizedTest
  @CsvSource({"md4, --rectangle=1;1;2;3", "md4, --mask", "genmd4, --rectangle=1;1;2;3"})
  void whatIsGivenNeverChanges(String run, String option) throws IOException {
    Path image = TinyPictures.one(folder.resolve("given.png"), SIDE, 1);
    BufferedImage mask = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 1; y < 4; y++) {
      mask.setRGB(1, y, 0xFFFFFF);
      mask.setRGB(2, y, 0xFFFFFF);
    }
    Path maskFile = folder.resolve("mask.png");
    ImageIO.write(mask, "png", maskFile.toFile());
    Path out = folder.resolve("filled-" + run + option.charAt(2) + ".png");
    CommandRun filled =
        md4(
            "infill",
            run,
            "--image=" + image,
            option.equals("--mask") ? "--mask=" + maskFile : option.replace(';', ','),
            "--count=5",
            "--steps=4",
            "--out=" + out);
    assertThat(filled.exitCode()).as(filled.err()).isZero();
    BufferedImage grid = ImageIO.read(out.toFile());
    List<String> given = pixels(ImageIO.read(image.toFile()));
    for (int row = 0; row < 2; row++) {
      assertThat(cell(grid, 0, row)).isEqualTo(given);
      for (int column = 1; column < (row == 0 ? 6 : 3); column++) {
        List<String> shown = cell(grid, column, row);
        for (int pixel = 0; pixel < given.size(); pixel++) {
          int x = pixel % SIDE;
          boolean blank = x >= 1 && x <= 2 && pixel >= SIDE;
          if (!blank) {
            assertThat(shown.get(pixel)).isEqualTo(given.get(pixel));
          } else if (column == 1) {
            assertThat(shown.get(pixel)).isEqualTo(MASKED_GREY);
          }
        }
      }
    }
  }

  /** Editors erase to transparent, over whatever colour they like. */
  @ParameterizedTest
  @ValueSource(ints = {0x000000, 0xFFFFFF})
  void whatIsTransparentIsFilledIn(int below) throws IOException {
    Path image = TinyPictures.one(folder.resolve("whole.png"), SIDE, 1);
    Path maskFile = mask(pixel -> (pixel % SIDE < 2 ? 0 : 0xFF) << 24 | below);
    Path out = folder.resolve("erased-" + below + ".png");

    CommandRun filled = fill(image, maskFile, out);

    assertThat(filled.err())
        .contains(
            "--mask (" + maskFile + ") is transparent in 8 of 16 pixels: those are filled in");
    List<String> shown = cell(ImageIO.read(out.toFile()), 1, 0);
    List<String> given = pixels(ImageIO.read(image.toFile()));
    for (int pixel = 0; pixel < given.size(); pixel++) {
      assertThat(shown.get(pixel)).isEqualTo(pixel % SIDE < 2 ? MASKED_GREY : given.get(pixel));
    }
  }

  @Test
  void aMaskThatLeavesNothingGivenIsSaidTo() throws IOException {
    Path image = TinyPictures.one(folder.resolve("nothing.png"), SIDE, 1);
    Path maskFile = mask(pixel -> 0xFFFFFFFF);

    CommandRun filled = fill(image, maskFile, folder.resolve("everything.png"));

    assertThat(filled.err())
        .contains("--mask (" + maskFile + ") is white everywhere: nothing of the picture is given");
  }

  private Path mask(IntUnaryOperator argb) throws IOException {
    BufferedImage mask = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      mask.setRGB(pixel % SIDE, pixel / SIDE, argb.applyAsInt(pixel));
    }
    Path file = folder.resolve("transparent.png");
    ImageIO.write(mask, "png", file.toFile());
    return file;
  }

  private CommandRun fill(Path image, Path mask, Path out) {
    CommandRun filled =
        md4(
            "infill",
            "md4",
            "--image=" + image,
            "--mask=" + mask,
            "--count=1",
            "--steps=4",
            "--out=" + out);
    assertThat(filled.exitCode()).as(filled.err()).isZero();
    return filled;
  }

  /** Every step of four asks about what it reveals only. */
  @ParameterizedTest
  @ValueSource(strings = {"halton", "dilated"})
  void picturesAreDrawnAndFilledInInAFixedOrder(String sampler) throws IOException {
    Path image = TinyPictures.one(folder.resolve("fixed.png"), SIDE, 1);
    String[] own = {"--count=2", "--sampler=" + sampler, "--steps=4", "--json", "--out="};
    own[4] += folder.resolve(sampler + "-drawn.png");
    CommandRun drawn = md4("sample", "md4", own);
    own[4] = "--out=" + folder.resolve(sampler + "-filled.png");
    CommandRun filled =
        md4(
            "infill",
            "md4",
            Stream.concat(Stream.of("--image=" + image, "--rectangle=1,1,2,3"), Stream.of(own))
                .toArray(String[]::new));

    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    assertThat(filled.exitCode()).as(filled.err()).isZero();
    JsonNode cost = new ObjectMapper().readTree(drawn.out());
    assertThat(cost.get("evaluations").asInt()).isEqualTo(4);
    assertThat(cost.get("positions").asInt()).isEqualTo(2 * DIMENSIONS);
    assertThat(new ObjectMapper().readTree(filled.out()).get("positions").asInt())
        .isEqualTo(2 * 2 * 3 * 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"md4", "genmd4"})
  void likelihoodIsPerDimensionAndComesWithWhatItIsWorth(String run) throws IOException {
    CommandRun measured =
        md4(
            "evaluate",
            run,
            "--baselines",
            "--standard-error=0.5",
            "--max-evaluations=200",
            "--protocol=stratified-time",
            "--json");
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(measured.out());
    assertThat(json.get("bits_per_dimension").asDouble()).isBetween(6.0, 10.0);
    assertThat(json.has("bits_per_character")).isFalse();
    assertThat(json.get("dimensions").asInt()).isEqualTo(DIMENSIONS);
    assertThat(json.get("split").asText()).isEqualTo("validation");
    assertThat(json.get("baselines").findValuesAsText("name"))
        .containsExactly("uniform", "independent values", "PNG files", "PNG data", "context model");
    assertThat(json.at("/baselines/0/bits_per_dimension").asDouble()).isEqualTo(8);
    assertThat(json.at("/baselines/0/standard_error").asDouble()).isZero();
    assertThat(json.at("/baselines/1/bits_per_dimension").asDouble()).isBetween(0.5, 8.0);
    assertThat(json.get("baselines").findValuesAsText("pictures")).containsOnly("" + PICTURES);
  }

  @Test
  void theTableHasTheRunAndEveryCode() throws IOException {
    Path other = TinyPictures.in(folder.resolve("other"), 6);
    CommandRun measured =
        md4("evaluate", "md4", "--baselines", "--standard-error=0.5", "--data=" + other);
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.out())
        .contains(" bits per dimension, ", "pictures of other", "all part", ", given the classes")
        .containsPattern("(?m)^bits/dim +mean +± error +pictures$")
        .containsPattern("(?m)^this run +\\d\\.\\d{4} +\\d\\.\\d{4} +6$")
        .containsPattern("(?m)^uniform +8\\.0000 +0\\.0000 +6$")
        .containsPattern("(?m)^context model +\\d\\.\\d{4} ");
  }

  @Test
  void exactLikelihoodsArePerDimensionToo() throws IOException {
    CommandRun measured =
        md4("evaluate", "md4", "--standard-error=0.5", "--exact-orders=2", "--rows=2", "--json");
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(measured.out());
    assertThat(json.at("/exact/0/bits_per_dimension").asDouble()).isBetween(6.0, 10.0);
    assertThat(json.at("/exact/0/evaluations").asInt()).isEqualTo(2 * 2 * DIMENSIONS);
  }

  @Test
  void reportsReplayHowPicturesWereDrawn() throws IOException {
    Path image = TinyPictures.one(folder.resolve("reported.png"), SIDE, 1);
    Path drawn = folder.resolve("drawn.html");
    Path filled = folder.resolve("filled.html");
    CommandRun sampled =
        md4(
            "sample",
            "md4",
            "--count=2",
            "--steps=4",
            "--report=" + drawn,
            "--out=" + folder.resolve("reported-samples.png"));
    CommandRun infilled =
        md4(
            "infill",
            "genmd4",
            "--image=" + image,
            "--rectangle=0,0,2,1",
            "--count=1",
            "--steps=4",
            "--report=" + filled,
            "--out=" + folder.resolve("reported-infill.png"));
    assertThat(sampled.exitCode()).as(sampled.err()).isZero();
    assertThat(infilled.exitCode()).as(infilled.err()).isZero();
    assertThat(drawn)
        .content()
        .contains("2 pictures of 4x4x3", "\"height\":4,\"width\":4,\"colours\":3", "Picture 2");
    assertThat(filled).content().contains("\"start\":[256,256,256,256,256,256,208,");
  }

  @Test
  void aTerminalIsToldHowFarThePicturesAre() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(shown, true, StandardCharsets.UTF_8);
    CommandRun.on(
        new Terminal(err, err, false, true, 80),
        "sample",
        folder.resolve("md4").toString(),
        "--count=2",
        "--steps=4",
        "--out=" + folder.resolve("watched.png"));
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .containsPattern("\\d+ % of pictures 1 to 2 of 2");
  }

  @Test
  void goesOnOnlyAsWhatItIs() {
    Path run = folder.resolve("md4");
    assertThat(CommandRun.of("train", "image", "--resume=" + run).exitCode()).isZero();
    CommandRun text = CommandRun.of("train", "text", "--resume=" + run);
    assertThat(text.exitCode()).isEqualTo(MISTAKE);
    assertThat(text.errLines()).singleElement().asString().contains("must hold a run of kind text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sample   | --length=4        | --length is of no use to this run",
        "sample   | --class=7         | --class (7) must be in 0..1, or one of dark, light",
        "sample   | --class=grey      | --class (grey) must be in 0..1",
        "sample   | --guidance=1      | --guidance is of no use without --class",
        "sample   | --columns=0       | --columns (0) must be at least 1",
        "sample   | --each=.          | --each (.) must be a new file",
        "infill   | a_                | give --image",
        "infill   | --lengths=3       | give --image",
        "infill   | --seed=1          | --image must be given",
        "infill   | --image=IMAGE     | --mask or --rectangle must be given",
        "infill   | --image=IMAGE --rectangle=1,2,3     | must be four numbers",
        "infill   | --image=IMAGE --rectangle=0,0,5,1   | (0,0,5,1) must have a pixel and lie in",
        "infill   | --image=IMAGE --rectangle=0,0,0,1   | must have a pixel",
        "infill   | --image=IMAGE --rectangle=0,0,x,1   | 'x'",
        "infill   | --image=IMAGE --mask=LARGE          | must have 4x4 pixels, got 5x5",
        "infill   | --image=LARGE --rectangle=0,0,1,1   | must have 4x4 pixels, got 5x5",
        "infill   | --image=none.png --rectangle=0,0,1,1 | must be an existing file",
        "infill   | --image=IMAGE --mask=BLACK          | must be grey",
        "infill   | --image=IMAGE --mask=LARGE --rectangle=0,0,1,1 | cannot both be given",
        "evaluate | --split=test      | --split test is of no use to this run",
        "evaluate | --data=none       | must be an existing folder or file",
        "evaluate | --data=FIVE       | must have pictures of 4x4x3, as the run, got 5x5x3"
      })
  void whatARunHasNotIsOneLine(String command, String options, String line) throws IOException {
    Path five = Files.createDirectories(folder.resolve("five"));
    Path large = TinyPictures.one(five.resolve("large.png"), 5, 1);
    Path image = TinyPictures.one(folder.resolve("image.png"), SIDE, 1);
    Path black = TinyPictures.one(folder.resolve("black.png"), SIDE, 0);
    CommandRun refused =
        md4(
            command,
            "md4",
            options
                .replace("LARGE", large.toString())
                .replace("IMAGE", image.toString())
                .replace("BLACK", black.toString())
                .replace("FIVE", five.toString())
                .split(" ", -1));
    assertThat(refused.exitCode()).isEqualTo(MISTAKE);
    assertThat(refused.errLines()).singleElement().asString().contains(line);
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void whatALearnedScheduleHasNotIsOneLine() {
    CommandRun refused = md4("evaluate", "genmd4", "--exact-orders=2");
    assertThat(refused.exitCode()).isEqualTo(MISTAKE);
    assertThat(refused.errLines()).singleElement().asString().contains("one masking schedule");
    CommandRun classless = md4("sample", "genmd4", "--class=1");
    assertThat(classless.errLines()).singleElement().asString().contains("without classes");
  }

  @Test
  void theRunsOwnPicturesMustStillBeThoseItWasTrainedOn(@TempDir Path temporary)
      throws IOException {
    Path changed = TinyPictures.in(temporary.resolve("data"), PICTURES - 2);
    Path copy = Files.createDirectory(temporary.resolve("run"));
    Files.copy(folder.resolve("md4/checkpoint.md4"), copy.resolve("checkpoint.md4"));
    Files.writeString(
        copy.resolve("config.json"),
        Files.readString(folder.resolve("md4/config.json"))
            .replace(data.toString(), changed.toString()));
    CommandRun refused = CommandRun.of("evaluate", copy.toString());
    assertThat(refused.exitCode()).isEqualTo(MISTAKE);
    assertThat(refused.errLines()).singleElement().asString().contains("trained on", "--data");
    CommandRun named =
        CommandRun.of("evaluate", copy.toString(), "--data=" + changed, "--standard-error=0.5");
    assertThat(named.exitCode()).as(named.err()).isZero();
  }

  private CommandRun md4(String command, String run, String... options) {
    return CommandRun.of(
        Stream.concat(Stream.of(command, folder.resolve(run).toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  /** The colours of the picture in a cell of a grid. */
  private static List<String> cell(BufferedImage grid, int column, int row) {
    int cell = SIDE * SCALE + GAP;
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      int x = GAP + column * cell + pixel % SIDE * SCALE;
      int y = GAP + row * cell + pixel / SIDE * SCALE;
      image.setRGB(pixel % SIDE, pixel / SIDE, grid.getRGB(x, y));
    }
    return pixels(image);
  }

  private static List<String> pixels(BufferedImage image) {
    return Stream.iterate(0, pixel -> pixel + 1)
        .limit(SIDE * SIDE)
        .map(pixel -> Integer.toHexString(image.getRGB(pixel % SIDE, pixel / SIDE)))
        .toList();
  }
}
