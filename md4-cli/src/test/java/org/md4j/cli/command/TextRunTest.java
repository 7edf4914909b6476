package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.CommandRun;

/** A run of a few steps from the command line to the last file, and what can be done with it. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class TextRunTest {
  private static final int STEPS = 3;

  private Path folder;
  private Path run;
  private CommandRun training;

  @BeforeAll
  void train(@TempDir Path temporary) {
    folder = temporary;
    run = folder.resolve("run");
    training =
        CommandRun.of(
            "train",
            "text",
            "--steps=" + STEPS,
            "--batch=4",
            "--length=16",
            "--eval-rows=32",
            "--out=" + run,
            "--json");
  }

  @Test
  void lastLineIsTheSummary() throws IOException {
    assertThat(training.exitCode()).as(training.err()).isZero();
    JsonNode summary = new ObjectMapper().readTree(training.outLines().get(3));

    assertThat(summary.fieldNames())
        .toIterable()
        .containsExactly(
            "run",
            "precision",
            "parameters",
            "steps",
            "valid_bits",
            "valid_bits_se",
            "train_seconds",
            "median_step_seconds",
            "characters_per_second",
            "peak_resident_mb");
    assertThat(summary.get("run").asText()).isEqualTo(run.toString());
    assertThat(summary.get("steps").asInt()).isEqualTo(STEPS);
    assertThat(summary.get("valid_bits").asDouble()).isBetween(3.0, 6.0);
    assertThat(summary.get("valid_bits_se").asDouble()).isPositive();
    assertThat(summary.get("parameters").asLong()).isGreaterThan(100_000);
  }

  @Test
  void samplesAreShownAndKept() throws IOException {
    List<String> samples = Files.readAllLines(run.resolve("samples.txt"));

    assertThat(samples).hasSize(3).allMatch(text -> text.matches("[a-z ]{256}"));
    assertThat(training.outLines().subList(0, 3)).isEqualTo(samples);
  }

  @Test
  void everyFileIsThere() throws IOException {
    List<String> metrics = Files.readAllLines(run.resolve("metrics.jsonl"));
    JsonNode config = new ObjectMapper().readTree(run.resolve("config.json").toFile());

    assertThat(metrics).hasSize(STEPS + 1);
    assertThat(config.at("/trainer/steps").asInt()).isEqualTo(STEPS);
    assertThat(config.at("/network/length").asInt()).isEqualTo(16);
    assertThat(ImageIO.read(run.resolve("curve.png").toFile()).getWidth()).isGreaterThan(100);
    assertThat(run.resolve("checkpoint.md4")).isNotEmptyFile();
    assertThat(run.resolve("command.txt"))
        .content()
        .contains("./md4 train text --steps=3", "native code ", "Java", "DL4J 1.0.0-M2.1");
  }

  @Test
  void progressGoesToTheErrorStream() {
    assertThat(training.err()).contains("parameters on austen27.txt", "validation", "EMA weights");
  }

  @Test
  void samplesOfASeedRepeat() {
    String[] command = {"sample", run.toString(), "--count=2", "--length=20", "--steps=5"};

    CommandRun first = CommandRun.of(command);

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.outLines()).hasSize(2).allMatch(text -> text.matches("[a-z ]{20}"));
    assertThat(CommandRun.of(command).out()).isEqualTo(first.out());
  }

  @Test
  void samplesGoToANewFileOnly() throws IOException {
    Path file = folder.resolve("texts.txt");
    String[] command = {
      "sample", run.toString(), "--count=1", "--length=8", "--steps=2", "--out=" + file
    };

    assertThat(CommandRun.of(command).exitCode()).isZero();
    assertThat(Files.readAllLines(file)).singleElement().asString().hasSize(8);
    assertThat(CommandRun.of(command).exitCode()).isEqualTo(2);
  }

  @Test
  void cutCheckpointIsRefusedInOneLine() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.copy(run.resolve("config.json"), broken.resolve("config.json"));
    byte[] whole = Files.readAllBytes(run.resolve("checkpoint.md4"));
    Files.write(broken.resolve("checkpoint.md4"), Arrays.copyOf(whole, whole.length / 2));

    CommandRun sample = CommandRun.of("sample", broken.toString());
    CommandRun resume = CommandRun.of("train", "text", "--resume=" + broken);

    assertThat(List.of(sample, resume))
        .allSatisfy(
            refused -> {
              assertThat(refused.exitCode()).isEqualTo(2);
              assertThat(refused.errLines()).singleElement().asString().contains("checkpoint");
            });
  }

  @Test
  void settingsCannotBeChangedOnResuming() {
    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + run, "--batch=9");

    assertThat(resumed.exitCode()).isEqualTo(2);
    assertThat(resumed.errLines()).singleElement().asString().contains("--batch");
  }
}
