package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.cli.CommandRun;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.diffusion.Model;
import org.md4j.train.Checkpoint;
import org.md4j.train.LearnedScheduleConfig;

/** Runs of every model are trained, drawn from, filled in with and measured. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class ModelRunsTest {
  private static final int MISTAKE = 2;

  private final Map<Model, Path> runs = new EnumMap<>(Model.class);
  private Path folder;
  private Path data;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    data = Files.writeString(folder.resolve("text.txt"), "the cat sat on the mat ".repeat(600));
    for (Model model : Model.values()) {
      Path run = folder.resolve(model.toString());
      CommandRun trained =
          CommandRun.of(
              "train",
              "text",
              "--model=" + model,
              "--data=" + data,
              "--steps=12",
              "--batch=4",
              "--length=16",
              "--eval-rows=32",
              "--out=" + run);
      assertThat(trained.exitCode()).as(trained.err()).isZero();
      runs.put(model, run);
    }
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void isDrawnFrom(Model model) throws IOException {
    CommandRun drawn =
        CommandRun.of("sample", run(model), "--count=3", "--length=12", "--seed=4", "--json");

    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(drawn.outLines().get(drawn.outLines().size() - 1));
    assertThat(json.get("texts")).hasSize(3).allMatch(text -> text.asText().length() == 12);
    assertThat(json.get("sampler").asText())
        .isEqualTo(model == Model.AR ? "autoregressive" : "event-driven");
    assertThat(json.get("told_time").asText()).isEqualTo("step");
    assertThat(
            CommandRun.of("sample", run(model), "--count=3", "--length=12", "--seed=4").outLines())
        .isEqualTo(drawn.outLines().subList(0, 3));
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void fillsInAndChangesNothingGiven(Model model) {
    String template = model == Model.AR ? "the cat ____" : "the ___ s__ on";
    CommandRun filled = CommandRun.of("infill", run(model), template, "--count=4", "--steps=8");
    if (model == Model.AR) {
      assertThat(filled.exitCode()).isEqualTo(MISTAKE);
      filled = CommandRun.of("infill", run(model), template, "--count=4");
    }

    assertThat(filled.exitCode()).as(filled.err()).isZero();
    assertThat(filled.outLines())
        .hasSize(4)
        .allMatch(text -> text.matches(template.replace("_", "[a-z ]")));
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void isMeasured(Model model) throws IOException {
    CommandRun measured = CommandRun.of("evaluate", run(model), "--max-evaluations=400", "--json");

    assertThat(measured.exitCode()).as(measured.err()).isZero();
    JsonNode json = new ObjectMapper().readTree(measured.outLines().get(0));
    assertThat(json.get("bits_per_character").asDouble()).isBetween(1.0, 6.0);
    assertThat(json.get("bound").asBoolean()).isEqualTo(model != Model.AR);
    String protocol = json.get("protocol").asText();
    switch (model) {
      case AR -> assertThat(protocol).isEqualTo("exact, from left to right");
      case MD4_DISCRETE, GENMD4, D3PM -> assertThat(protocol).doesNotContain("mask-count");
      default -> assertThat(protocol).isNotEmpty();
    }
  }

  @Test
  void scheduleSettingsAreKeptInTheRun() throws IOException {
    Path run = folder.resolve("settings");
    CommandRun trained =
        CommandRun.of(
            "train",
            "text",
            "--model=genmd4",
            "--mask-samples=single",
            "--schedule-rate=3",
            "--schedule-decay",
            "--schedule-frozen",
            "--data=" + data,
            "--steps=2",
            "--batch=4",
            "--length=16",
            "--eval-rows=32",
            "--out=" + run);

    assertThat(trained.exitCode()).as(trained.err()).isZero();
    Checkpoint checkpoint = Checkpoint.read(new RunFolder(run).checkpoint());
    assertThat(checkpoint.trainer().schedule())
        .isEqualTo(
            LearnedScheduleConfig.builder()
                .learningRateMultiplier(3)
                .weightDecay(true)
                .frozen(true)
                .build());
    assertThat(new RunFolder(run).readConfig(TextRunConfig.class).objective().toString())
        .contains("SINGLE");
    assertThat(Files.readString(run.resolve("metrics.jsonl"))).contains("\"w_max\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GENMD4 | sample   | --sampler=confidence    | --sampler confidence is of no use to this"
            + " run",
        "GENMD4 | sample   | --told-time=visible     | --told-time visible needs one schedule",
        "GENMD4 | evaluate | --protocol=mask-count   | --protocol mask-count needs masks",
        "GENMD4 | evaluate | --policy=confidence     | must have one masking schedule that all"
            + " tokens share",
        "D3PM   | evaluate | --protocol=mask-count   | --protocol mask-count needs masks",
        "AR     | sample   | --sampler=event-driven  | it is autoregressive",
        "AR     | sample   | --grid=uniform          | --grid and --steps are of no use to this"
            + " run",
        "MD4    | sample   | --sampler=autoregressive | only an autoregressive run",
        "AR     | evaluate | --protocol=paper        | --protocol paper is of no use to this run",
        "AR     | infill   | a _ b                   | template must have its blanks at the end"
      })
  void whatARunHasNotIsOneLine(Model model, String command, String option, String line) {
    CommandRun refused = CommandRun.of(command, run(model), option);

    assertThat(refused.exitCode()).isEqualTo(MISTAKE);
    assertThat(refused.errLines()).hasSize(1);
    assertThat(refused.err()).contains(line);
  }

  private String run(Model model) {
    return runs.get(model).toString();
  }
}
