package org.md4j.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.md4j.file.FailureText;
import org.md4j.file.FileReplacement;

/**
 * Writes a run to a file of JSON lines: one a step, {@code {"event":"step", ...}}, and one an
 * evaluation, {@code {"event":"evaluation", ...}}. A number that is not finite is written {@code
 * null}.
 *
 * <p>A new run replaces the file. A resumed one keeps the lines up to its checkpoint's step and
 * drops those after it, which it writes again; an evaluation of that step which the file already
 * has is not written a second time. Every line is flushed. A failure to write is an {@link
 * UncheckedIOException}.
 */
public final class MetricsFile implements TrainingListener, AutoCloseable {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** What bytes that are no text are read as. */
  private static final char REPLACEMENT = '\uFFFD';

  private final Path file;
  private @Nullable BufferedWriter writer;
  private int evaluatedStep;

  /** Makes a listener that writes to a file, from the start of the run on. */
  public MetricsFile(Path file) {
    this.file = file;
  }

  @Override
  public void onStart(TrainingStart start) {
    evaluatedStep = 0;
    try {
      List<String> lines = start.firstStep() > 0 ? linesUpTo(start.firstStep()) : List.of();
      // In one step, so that a run killed meanwhile has all the lines it had before.
      FileReplacement.write(
          file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
      writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  @Override
  public void onStep(StepReport step) {
    ObjectNode line = line("step", step.step(), step.bitsPerToken());
    put(line, "learning_rate", step.learningRate());
    put(line, "gradient_norm", step.gradientNorm());
    if (step.isSkipped()) {
      line.put("skipped", true);
    }
    ScheduleReport schedule = step.schedule();
    if (schedule != null) {
      put(line, "w_min", schedule.least());
      put(line, "w_mean", schedule.mean());
      put(line, "w_max", schedule.greatest());
    }
    put(line, "seconds", step.seconds());
    put(line, "tokens_per_second", step.tokensPerSecond());
    write(line);
  }

  @Override
  public void onEvaluation(EvaluationReport evaluation) {
    if (evaluation.step() == evaluatedStep) {
      return;
    }
    evaluatedStep = evaluation.step();
    ObjectNode line = line("evaluation", evaluation.step(), evaluation.bitsPerToken());
    put(line, "standard_error", evaluation.standardError());
    put(line, "diffusion_nats", evaluation.terms().diffusion());
    put(line, "reconstruction_nats", evaluation.terms().reconstruction());
    put(line, "prior_nats", evaluation.terms().prior());
    line.put("rows", evaluation.rows());
    put(line, "seconds", evaluation.seconds());
    write(line);
  }

  @Override
  public void close() {
    BufferedWriter open = writer;
    writer = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw failed("closed", e);
      }
    }
  }

  private static ObjectNode line(String event, int step, double bitsPerToken) {
    ObjectNode line = JSON.createObjectNode();
    line.put("event", event);
    line.put("step", step);
    put(line, "bits_per_token", bitsPerToken);
    return line;
  }

  private static void put(ObjectNode line, String name, double value) {
    if (Double.isFinite(value)) {
      line.put(name, value);
    } else {
      line.putNull(name);
    }
  }

  private void write(ObjectNode line) {
    BufferedWriter open = writer;
    if (open == null) {
      throw new IllegalStateException("onStart must be called before metrics are written");
    }
    try {
      open.write(JSON.writeValueAsString(line));
      open.write('\n');
      open.flush();
    } catch (IOException e) {
      throw failed("written", e);
    }
  }

  private UncheckedIOException failed(String what, IOException cause) {
    return new UncheckedIOException(
        "metrics file (%s) cannot be %s: %s".formatted(file, what, FailureText.reason(cause)),
        cause);
  }

  /**
   * Reads the lines to keep: those that are whole. A line that was cut off when the run was killed,
   * or is damaged, is not among them.
   */
  private List<String> linesUpTo(int step) throws IOException {
    List<String> kept = new ArrayList<>();
    if (Files.exists(file)) {
      // What is no text in a damaged file becomes a sign that no line of ours has.
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        JsonNode node = line.indexOf(REPLACEMENT) < 0 ? parsed(line) : null;
        if (node != null && node.path("step").asInt(Integer.MAX_VALUE) <= step) {
          kept.add(line);
          if (node.path("event").asText().equals("evaluation")) {
            evaluatedStep = node.path("step").asInt();
          }
        }
      }
    }
    return kept;
  }

  private static @Nullable JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
