package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.md4j.cli.CommandRun;
import org.md4j.diffusion.Model;
import org.md4j.train.TrainerConfig;

/** The study of pictures on a network that learned next to nothing. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class StudyImagesTest {
  private static final int MISTAKE = 2;
  private static final int COUNT = 8;

  private Path folder;
  private Path features;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    features = OnnxFlatten.in(folder);
    Path data = TinyPictures.in(folder.resolve("data"), 40);
    for (Model model : List.of(Model.MD4, Model.GENMD4)) {
      TinyImageRun.in(
          folder.resolve(model.toString()),
          TinyImageRun.config(
              model,
              data,
              data,
              List.of(),
              TrainerConfig.builder(2, 4, 1e-3)
                  .optimizer(adamW -> adamW.emaRate(0.9))
                  .replicas(1)
                  .build()));
    }
    Files.writeString(Files.createDirectory(folder.resolve("text")).resolve("config.json"), "{}");
    Files.writeString(folder.resolve("text/checkpoint.md4"), "");
  }

  @Test
  void tablePlotAndPicturesOfEveryCaseAreThere() throws IOException {
    CommandRun studied = study("md4", "out", "--steps=2,5", "--rules=ancestral,halton");

    assertThat(studied.exitCode()).as(studied.err()).isZero();
    Path out = folder.resolve("out");
    assertThat(studied.outLines()).isEqualTo(Files.readAllLines(out.resolve("images.md")));
    assertThat(studied.outLines())
        .hasSize(3 + 8)
        .first()
        .asString()
        .contains("| Fréchet distance | precision | recall |");
    assertThat(studied.errLines())
        .hasSize(1 + 8 + 1)
        .last()
        .isEqualTo("table, plot and pictures are in " + out);
    JsonNode json = new ObjectMapper().readTree(out.resolve("images.json").toFile());
    assertThat(json.get("pictures").asInt()).isEqualTo(COUNT);
    assertThat(json.get("training_steps").asInt()).isEqualTo(2);
    List<String> cases = new ArrayList<>();
    json.get("rows")
        .forEach(
            row ->
                cases.add(
                    "%s-%s-%s"
                        .formatted(
                            row.get("rule").asText(),
                            row.get("grid").asText(),
                            row.get("steps").asText())));
    assertThat(cases)
        .containsExactly(
            "ancestral-uniform-2",
            "ancestral-uniform-5",
            "halton-uniform-2",
            "halton-uniform-5",
            "ancestral-cosine-2",
            "ancestral-cosine-5",
            "halton-cosine-2",
            "halton-cosine-5");
    for (String file : cases) {
      assertThat(ImageIO.read(out.resolve("samples/" + file + ".png").toFile()).getWidth())
          .as(file)
          .isGreaterThan(COUNT * TinyPictures.SIDE);
    }
    assertThat(ImageIO.read(out.resolve("images.png").toFile()).getWidth()).isGreaterThan(100);
  }

  @Test
  void theSeedDecidesEveryNumber() throws IOException {
    List<JsonNode> reports = new ArrayList<>();
    for (String seed : List.of("3", "3", "4")) {
      String out = "seed" + reports.size();
      CommandRun studied =
          study("md4", out, "--seed=" + seed, "--steps=3", "--rules=euler", "--grids=cosine");
      assertThat(studied.exitCode()).as(studied.err()).isZero();
      JsonNode report =
          new ObjectMapper().readTree(folder.resolve(out).resolve("images.json").toFile());
      ((ObjectNode) report.at("/rows/0")).remove("seconds_per_picture");
      reports.add(report);
    }

    assertThat(reports.get(1)).isEqualTo(reports.get(0));
    assertThat(reports.get(2).at("/rows/0")).isNotEqualTo(reports.get(0).at("/rows/0"));
    assertThat(folder.resolve("seed1/samples/euler-cosine-3.png"))
        .hasSameBinaryContentAs(folder.resolve("seed0/samples/euler-cosine-3.png"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "md4     | --steps=2,0              | --steps (0) must be at least 1",
        "md4     | --steps=few              | 'few'",
        "md4     | --steps=,                | --steps must have a value between its commas, got"
            + " none",
        "md4     | --rules=,                | --rules must have a value",
        "md4     | --grids=square           | 'square' must be one of uniform, cosine",
        "md4     | --rules=best             | 'best' must be one of ancestral, euler, tau-leaping,"
            + " halton",
        "md4     | --count=2                | --count (2) must be at least 4",
        "md4     | --count=41               | --count (41) must be at most 40, the pictures of"
            + " data",
        "md4     | --features=none.onnx     | --features (none.onnx) must be classifier or an ONNX",
        "md4     | --data=none              | none) must be an existing folder or file",
        "md4     | --out=FULL               | must be a new or empty folder",
        "genmd4  | --steps=2                | must have one masking schedule",
        "text    | --steps=2                | must hold a run of kind image, got one of kind text",
        "nothing | --steps=2                | must be an existing folder"
      })
  void mistakesAreOneLineAndWriteNothing(String run, String options, String expected) {
    String full = folder.resolve("data").toString();
    List<String> given = List.of(options.replace("FULL", full).split(" ", -1));
    CommandRun refused =
        options.contains("--out")
            ? CommandRun.of("study", "images", folder.resolve(run).toString(), given.get(0))
            : study(run, "refused", given.toArray(String[]::new));

    assertThat(refused.exitCode()).isEqualTo(MISTAKE);
    assertThat(refused.errLines()).singleElement().asString().contains(expected);
    assertThat(refused.out()).isEmpty();
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  private CommandRun study(String run, String out, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "study", "images", folder.resolve(run).toString(), "--out=" + folder.resolve(out)));
    List<String> own = List.of(options);
    if (own.stream().noneMatch(option -> option.startsWith("--count"))) {
      arguments.add("--count=" + COUNT);
    }
    if (own.stream().noneMatch(option -> option.startsWith("--features"))) {
      arguments.add("--features=" + features);
    }
    return CommandRun.of(Stream.concat(arguments.stream(), own.stream()).toArray(String[]::new));
  }
}
