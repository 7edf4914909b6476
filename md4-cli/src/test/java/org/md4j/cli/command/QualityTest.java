package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.diffusion.Model;
import org.md4j.train.TrainerConfig;

/** The quality of pictures of networks that learned next to nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class QualityTest {
  private static final int MISTAKE = 2;
  private static final int HELD_OUT = 12;

  private Path folder;
  private Path features;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    features = OnnxFlatten.in(folder);
    Path data = TinyPictures.in(folder.resolve("data"), 40);
    Path valid = TinyPictures.in(folder.resolve("valid"), HELD_OUT);
    TrainerConfig trainer =
        TrainerConfig.builder(2, 4, 1e-3)
            .optimizer(adamW -> adamW.emaRate(0.9))
            .replicas(1)
            .build();
    List<String> classes = List.of("dark", "light");
    train("md4", TinyImageRun.config(Model.MD4, data, valid, List.of(), trainer));
    train("genmd4", TinyImageRun.config(Model.GENMD4, data, valid, List.of(), trainer));
    train("classes", TinyImageRun.config(Model.MD4, data, valid, classes, trainer));
    Path high = Files.createDirectory(folder.resolve("high"));
    for (int i = 0; i < HELD_OUT; i++) {
      ImageIO.write(
          new BufferedImage(TinyPictures.SIDE, 6, BufferedImage.TYPE_INT_RGB),
          "png",
          high.resolve(i + ".png").toFile());
    }
    ImageRunConfig square = TinyImageRun.config(Model.MD4, high, high, List.of(), trainer);
    train(
        "high-run",
        new ImageRunConfig(
            square.preset(),
            square.model(),
            null,
            square.data(),
            square.valid(),
            false,
            List.of(),
            square.network().toBuilder().height(6).width(TinyPictures.SIDE).build(),
            trainer));
    Files.writeString(Files.createDirectory(folder.resolve("text")).resolve("config.json"), "{}");
    Files.writeString(folder.resolve("text/checkpoint.md4"), "");
  }

  private void train(String name, ImageRunConfig config) throws IOException {
    TinyImageRun.in(folder.resolve(name), config);
  }

  @ParameterizedTest
  @ValueSource(strings = {"md4", "genmd4", "classes"})
  void drawnAndHeldOutPicturesStandSideBySide(String run) throws IOException {
    CommandRun measured = quality(run, "--count=8", "--steps=4", "--json", onnx());

    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.errLines())
        .singleElement()
        .asString()
        .matches("features: onnx flatten\\.onnx, sha256 [0-9a-f]{64}");
    String number = " +\\d+\\.\\d{3}";
    assertThat(measured.outLines())
        .satisfiesExactly(
            line -> assertThat(line).matches(" +drawn +held out"),
            line -> assertThat(line).matches("Fréchet distance" + number + number),
            line -> assertThat(line).matches("precision, k = 3" + number + number),
            line -> assertThat(line).matches("recall, k = 3" + number + number),
            line -> assertThat(line).startsWith("{\"run\":"));
    JsonNode json = new ObjectMapper().readTree(measured.outLines().get(4));
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "run",
            "sampler",
            "grid",
            "steps",
            "precision",
            "seed",
            "count",
            "data",
            "data_sha256",
            "reference_pictures",
            "features",
            "distance",
            "drawn",
            "held_out",
            "seconds");
    assertThat(json.get("steps").asInt()).isEqualTo(4);
    assertThat(json.get("reference_pictures").asInt()).isEqualTo(40);
    assertThat(json.get("data_sha256").asText()).hasSize(64);
    assertThat(json.at("/held_out/precision").asDouble()).isBetween(0.5, 1.0);
    assertThat(json.at("/drawn/frechet_distance").asDouble())
        .as("noise is further from real pictures than other real ones")
        .isGreaterThan(2 * json.at("/held_out/frechet_distance").asDouble());
  }

  @Test
  void theSeedDecidesEveryNumber() throws IOException {
    assertThat(numbers("--seed=3", onnx())).isEqualTo(numbers("--seed=3", onnx()));
    assertThat(numbers("--seed=3", onnx()).at("/drawn/frechet_distance"))
        .isNotEqualTo(numbers("--seed=4", onnx()).at("/drawn/frechet_distance"));
  }

  @Test
  void otherPicturesAndSamplersCanBeNamed() throws IOException {
    Path other = TinyPictures.in(folder.resolve("other"), 100);
    JsonNode json = numbers("--data=" + other, "--sampler=first-hitting", onnx());

    assertThat(json.get("data").asText()).isEqualTo("other, train");
    assertThat(json.get("reference_pictures").asInt()).isEqualTo(95);
    assertThat(json.get("sampler").asText()).isEqualTo("first-hitting");
    assertThat(json.get("steps").isNull()).isTrue();
  }

  @Test
  void theClassifierLearnsTheLabelsOfTheReference() throws IOException {
    Path labelled = TinyPictures.in(folder.resolve("labelled"), 80);

    CommandRun measured = quality("md4", "--count=4", "--steps=2", "--data=" + labelled);

    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.errLines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("training the classifier that compares"),
            line ->
                assertThat(line)
                    .startsWith("features: classifier of 2 labels of labelled")
                    .matches(".*; accuracy \\d\\.\\d{3} held out"));
    assertThat(measured.outLines()).element(1).asString().startsWith("classifier Fréchet distance");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "md4      | --count=3                     | --count (3) must be at least 4",
        "md4      | --count=13                    | --count (13) must be at most 12, the pictures"
            + " of valid",
        "md4      | --count=8 --reference=7       | --reference (7) must be at least the --count,"
            + " 8",
        "md4      | --steps=0                     | --steps (0) must be at least 1",
        "md4      | --seed=x                      | 'x'",
        "md4      | --features=none.onnx          | --features (none.onnx) must be classifier or an"
            + " ONNX file that exists",
        "md4      | --features=TEXT --count=8     | text.txt) cannot be used",
        "md4      | --data=none                   | none) must be an existing folder or file",
        "md4      | --data=TEXT                   | text.txt must be a folder or tar archive",
        "md4      | --data=GREY                   | must have pictures of 4x4x3, as the run, got"
            + " 4x4x1",
        "md4      | --data=HIGH                   | must have pictures of 4x4x3, as the run, got"
            + " 6x4x3",
        "md4      | --sampler=autoregressive      | --sampler autoregressive is of no use to this"
            + " run",
        "genmd4   | --sampler=euler               | --sampler euler is of no use to this run",
        "high-run | --count=4                     | learns classes or how square pictures were"
            + " rotated",
        "text     | --count=4                     | must hold a run of kind image, got one of kind"
            + " text",
        "nothing  | --count=4                     | must be an existing folder",
        "data     | --count=4                     | must be that of a run"
      })
  void mistakesAreOneLineAndChangeNothing(String run, String options, String expected)
      throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "no pictures");
    ByteBuffer idx = ByteBuffer.allocate(16 + HELD_OUT * 16);
    idx.putInt(0x803).putInt(HELD_OUT).putInt(4).putInt(4);
    Path grey = Files.write(folder.resolve("grey-images-idx3-ubyte"), idx.array());
    List<Path> before = files();

    CommandRun refused =
        quality(
            run,
            options
                .replace("TEXT", text.toString())
                .replace("GREY", grey.toString())
                .replace("HIGH", folder.resolve("high").toString())
                .split(" ", -1));

    assertThat(refused.exitCode()).isEqualTo(MISTAKE);
    assertThat(refused.errLines()).singleElement().asString().contains(expected);
    assertThat(refused.out()).isEmpty();
    assertThat(files()).isEqualTo(before);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.sorted().toList();
    }
  }

  /** What is measured, without what a clock says. */
  private JsonNode numbers(String... options) throws IOException {
    CommandRun measured =
        quality(
            "md4",
            Stream.concat(Stream.of("--json", "--count=5"), Stream.of(options))
                .toArray(String[]::new));
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    ObjectNode json =
        (ObjectNode)
            new ObjectMapper().readTree(measured.outLines().get(measured.outLines().size() - 1));
    json.remove("seconds");
    return json;
  }

  private String onnx() {
    return "--features=" + features;
  }

  private CommandRun quality(String run, String... options) {
    return CommandRun.of(
        Stream.concat(Stream.of("quality", folder.resolve(run).toString()), Stream.of(options))
            .toArray(String[]::new));
  }
}
