package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.objective.ElboTerms;

class MetricsFileTest {
  private static final StepReport STEP = new StepReport(1, 4.5, 1e-3, 0.25, null, 0.5, 1024);
  private static final EvaluationReport EVALUATION =
      new EvaluationReport(2, 4.25, Double.NaN, new ElboTerms(23, 0.5, 0.25), 16, 1.5);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("metrics.jsonl");
  }

  @Test
  void writesOneLineAStepAndOneAnEvaluation() throws IOException {
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(start(0));
      metrics.onStep(STEP);
      assertThat(lines()).as("every line is flushed").hasSize(1);
      metrics.onEvaluation(EVALUATION);
    }

    List<JsonNode> lines = lines();
    assertThat(lines).hasSize(2);
    JsonNode step = lines.get(0);
    assertThat(step.get("event").textValue()).isEqualTo("step");
    assertThat(step.get("step").intValue()).isEqualTo(1);
    assertThat(step.get("bits_per_token").doubleValue()).isEqualTo(4.5);
    assertThat(step.get("learning_rate").doubleValue()).isEqualTo(1e-3);
    assertThat(step.get("gradient_norm").doubleValue()).isEqualTo(0.25);
    assertThat(step.get("seconds").doubleValue()).isEqualTo(0.5);
    assertThat(step.get("tokens_per_second").doubleValue()).isEqualTo(1024);
    JsonNode evaluation = lines.get(1);
    assertThat(evaluation.get("event").textValue()).isEqualTo("evaluation");
    assertThat(evaluation.get("bits_per_token").doubleValue()).isEqualTo(4.25);
    assertThat(evaluation.get("standard_error").isNull()).isTrue();
    assertThat(evaluation.get("diffusion_nats").doubleValue()).isEqualTo(23);
    assertThat(evaluation.get("reconstruction_nats").doubleValue()).isEqualTo(0.5);
    assertThat(evaluation.get("prior_nats").doubleValue()).isEqualTo(0.25);
    assertThat(evaluation.get("rows").intValue()).isEqualTo(16);
    assertThat(evaluation.get("seconds").doubleValue()).isEqualTo(1.5);
  }

  @Test
  void aNewRunReplacesTheOldFile() throws IOException {
    Files.writeString(file, "{\"step\":1}\n");
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(start(0));
    }

    assertThat(lines()).isEmpty();
  }

  @Test
  void aResumedRunKeepsLinesUpToItsCheckpointAndDropsWhatIsWrittenAgain() throws IOException {
    Files.writeString(file, "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n{\"st");
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(start(2));
      metrics.onStep(new StepReport(3, 1, 1, 1, null, 1, 1));
    }

    assertThat(lines()).extracting(line -> line.get("step").intValue()).containsExactly(1, 2, 3);
    assertThat(lines().get(2).has("event")).isTrue();
  }

  @Test
  void anEvaluationTheFileAlreadyHasIsNotDoubled() throws IOException {
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(start(0));
      metrics.onStep(STEP);
      metrics.onEvaluation(EVALUATION);
    }
    List<JsonNode> once = lines();
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(start(EVALUATION.step()));
      metrics.onEvaluation(EVALUATION);
    }

    assertThat(lines()).isEqualTo(once);
    assertThat(folder).isDirectoryNotContaining("glob:**.partial");
  }

  @Test
  void anEvaluationTheFileLacksIsWritten() throws IOException {
    Files.writeString(file, "{\"event\":\"step\",\"step\":2}\n");
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(start(EVALUATION.step()));
      metrics.onEvaluation(EVALUATION);
    }

    assertThat(lines())
        .extracting(line -> line.get("event").textValue())
        .containsExactly("step", "evaluation");
  }

  @Test
  void aResumedRunWithoutAFileStartsOne() throws IOException {
    try (MetricsFile metrics = new MetricsFile(file)) {
      metrics.onStart(start(2));
      metrics.onStep(STEP);
    }

    assertThat(lines()).hasSize(1);
  }

  @Test
  void failsWithTheFilesName() {
    try (MetricsFile metrics = new MetricsFile(folder.resolve("none/metrics.jsonl"))) {
      assertThatThrownBy(() -> metrics.onStart(start(0)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("none/metrics.jsonl");
      assertThatThrownBy(() -> metrics.onStep(STEP))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("onStart");
    }
  }

  private static TrainingStart start(int firstStep) {
    return new TrainingStart(
        10, firstStep, TrainerConfig.builder(5, 2, 1).build(), 8, 1, "", "a", "b");
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }
}
