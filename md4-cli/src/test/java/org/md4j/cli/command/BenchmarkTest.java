package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.md4j.cli.CommandRun;
import org.md4j.cli.option.FlagNames;
import org.md4j.compute.Precision;

class BenchmarkTest {
  private static final String TIMES =
      "\\t\\d+\\.\\d{4}\\tmin\\t\\d+\\.\\d{4}\\ttokens_per_s\\t\\d+";

  private static final String MEMORY = "\\t\\d+\\ta replica\\tparameters_mb\\t\\d+";

  @Test
  void printsALineForTrainingAndOneForForwardPassesWhateverTheLocale() {
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      CommandRun run = CommandRun.of("benchmark", "--preset=tiny", "--steps=1");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.outLines())
          .satisfiesExactly(
              line -> assertThat(line).matches("train_step_s" + TIMES),
              line -> assertThat(line).matches("forward_s" + TIMES),
              line -> assertThat(line).matches("activations_mb" + MEMORY),
              line ->
                  assertThat(line)
                      .matches(
                          "arrays_mb\\t\\d+\\tcounted beforehand\\tpeak_resident_mb\\t(\\d+|unknown)"));
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void scriptsGetALineOfJson() throws IOException {
    CommandRun run = CommandRun.of("benchmark", "--preset=tiny", "--steps=1", "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode line = new ObjectMapper().readTree(run.out());
    assertThat(line.get("preset").asText()).isEqualTo("tiny");
    assertThat(line.get("train_step_s").asDouble()).isPositive();
    assertThat(line.get("forward_min_s").asDouble()).isPositive();
    assertThat(line.get("precision").asText()).isEqualTo(FlagNames.spelled(Precision.fastest()));
    assertThat(line.get("computation").asText()).contains("f32");
  }

  @Test
  void eitherPrecisionIsTimed() throws IOException {
    CommandRun run =
        CommandRun.of("benchmark", "--preset=tiny", "--steps=1", "--precision=bf16", "--json");

    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode line = new ObjectMapper().readTree(run.out());
    assertThat(line.get("precision").asText()).isEqualTo("bf16");
    assertThat(line.get("computation").asText()).contains("bf16");
  }

  @Test
  void imagePresetsAreTimedToo() {
    CommandRun run = CommandRun.of("benchmark", "--preset=fashion", "--steps=1", "--rows=1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.outLines()).hasSize(4);
  }

  @Test
  void whatAnImagePresetCannotBeTrainedAsIsRefused() {
    CommandRun run = CommandRun.of("benchmark", "--preset=fashion", "--model=ar");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().contains("--model ar");
  }

  @Test
  void stepsMustBePositive() {
    CommandRun run = CommandRun.of("benchmark", "--steps=0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().contains("--steps (0)");
  }

  @Test
  void aWarmUpIsNeeded() {
    CommandRun run = CommandRun.of("benchmark", "--warm-up=0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.errLines()).singleElement().asString().contains("--warm-up (0)");
  }
}
