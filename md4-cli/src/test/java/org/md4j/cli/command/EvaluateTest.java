package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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

@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class EvaluateTest {
  /** Two roundings of an exponential. */
  private static final double ROUNDING = 1e-9;

  private Path folder;
  private Path data;
  private Path run;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    data = Files.writeString(folder.resolve("text.txt"), text("abcdefghij klmno pqrs tuvwxyz "));
    run = TinyRun.in(folder.resolve("run"), data);
  }

  @Test
  void jsonHoldsTheNumberAndAllItDependsOn() throws IOException {
    JsonNode json = json("--protocol=mask-count", "--draws=2", "--standard-error=0.05", "--seed=5");

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "run",
            "bits_per_character",
            "standard_error",
            "confidence",
            "interval",
            "perplexity",
            "bound",
            "standard_error_reached",
            "protocol",
            "precision",
            "rows_together",
            "draws_per_row",
            "rows",
            "evaluations",
            "pilot_evaluations",
            "data",
            "data_sha256",
            "split",
            "context_length",
            "weights",
            "step",
            "seed",
            "exact",
            "baselines",
            "version");
    double bits = json.get("bits_per_character").asDouble();
    assertThat(bits).isBetween(3.0, 6.0);
    assertThat(json.get("standard_error").asDouble()).isBetween(0.0, 0.05);
    assertThat(json.get("standard_error_reached").asBoolean()).isTrue();
    assertThat(json.at("/interval/0").asDouble()).isLessThan(bits);
    assertThat(json.at("/interval/1").asDouble()).isGreaterThan(bits);
    assertThat(json.get("perplexity").asDouble()).isCloseTo(Math.pow(2, bits), within(ROUNDING));
    assertThat(json.get("protocol").asText()).isEqualTo("mask-count, 2 draws a row");
    assertThat(json.get("precision").asText()).isEqualTo("f32");
    assertThat(json.get("data").asText()).startsWith("text.txt");
    assertThat(json.get("data_sha256").asText()).hasSize(64);
    assertThat(json.get("split").asText()).isEqualTo("validation");
    assertThat(json.get("context_length").asInt()).isEqualTo(TinyRun.LENGTH);
    assertThat(json.get("seed").asLong()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper", "stratified-time", "mask-count", "auto"})
  void everyProtocolMeasuresTheSameBound(String protocol) throws IOException {
    JsonNode json =
        json("--protocol=" + protocol, "--max-evaluations=3000", "--standard-error=1e-9");

    assertThat(json.get("bits_per_character").asDouble()).isBetween(4.0, 5.5);
    assertThat(json.get("evaluations").asInt()).isBetween(2900, 3000);
    assertThat(json.get("standard_error_reached").asBoolean()).isFalse();
    assertThat(json.get("pilot_evaluations").asInt() > 0).isEqualTo(protocol.equals("auto"));
  }

  @Test
  void autoSaysWhatItChose() {
    CommandRun measured = evaluate("--standard-error=0.1");

    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.err()).contains("protocol ", "least variance of 10 in a pilot");
    assertThat(measured.out()).contains(" ± ", "bits a character", "95 % interval", "perplexity");
  }

  @Test
  void theTableHasTheRunAndNGramsOfWhatItLearned() {
    CommandRun measured = evaluate("--standard-error=0.1", "--baselines");

    assertThat(measured.exitCode()).as(measured.err()).isZero();
    assertThat(measured.out())
        .containsPattern("(?m)^bits/char +mean +± error +rows$")
        .containsPattern("(?m)^this run +\\d\\.\\d{4} +\\d\\.\\d{4} +\\d+$")
        .containsPattern("(?m)^1-grams +\\d\\.\\d{4} ")
        .containsPattern("(?m)^6-grams +\\d\\.\\d{4} ");
  }

  @Test
  void exactLikelihoodsComeBeside() throws IOException {
    JsonNode json =
        json("--standard-error=0.1", "--exact-orders=2", "--policy=left-to-right", "--rows=3");

    assertThat(json.at("/exact").findValuesAsText("name"))
        .containsExactly("upper", "middle", "lower", "policy");
    assertThat(json.at("/exact").findValuesAsText("rows")).containsOnly("3");
    double upper = json.at("/exact/0/bits_per_character").asDouble();
    assertThat(upper).isBetween(4.0, 5.5);
    assertThat(json.at("/exact/1/bits_per_character").asDouble()).isLessThanOrEqualTo(upper);
    assertThat(json.at("/exact/0/evaluations").asInt()).isEqualTo(3 * 2 * TinyRun.LENGTH);
    assertThat(json.at("/exact/3/evaluations").asInt()).isEqualTo(3 * TinyRun.LENGTH);
    assertThat(json.at("/exact/3/how").asText()).isEqualTo("left-to-right");
  }

  @Test
  void theOrderOfTheDilatedSamplerHasALikelihood() throws IOException {
    JsonNode json = json("--standard-error=0.1", "--policy=dilated", "--rows=3");

    assertThat(json.at("/exact/0/how").asText()).isEqualTo("dilated");
    assertThat(json.at("/exact/0/evaluations").asInt()).isEqualTo(3 * TinyRun.LENGTH);
    assertThat(json.at("/exact/0/bits_per_character").asDouble()).isBetween(4.0, 5.5);
  }

  @Test
  void theTestPartIsAnother() throws IOException {
    JsonNode validation = json("--standard-error=0.1", "--protocol=mask-count");
    JsonNode test = json("--standard-error=0.1", "--protocol=mask-count", "--split=test");

    assertThat(test.get("split").asText()).isEqualTo("test");
    assertThat(test.get("data")).isNotEqualTo(validation.get("data"));
  }

  @Test
  void theRunsOwnTextMustStillBeTheOneItWasTrainedOn(@TempDir Path other) throws IOException {
    Path text = Files.writeString(other.resolve("text.txt"), text("some other words entirely "));
    Path copy = Files.createDirectory(other.resolve("run"));
    Files.copy(run.resolve("checkpoint.md4"), copy.resolve("checkpoint.md4"));
    Files.writeString(
        copy.resolve("config.json"),
        Files.readString(run.resolve("config.json")).replace(data.toString(), text.toString()));

    CommandRun refused = CommandRun.of("evaluate", copy.toString());
    CommandRun named =
        CommandRun.of("evaluate", copy.toString(), "--data=" + text, "--standard-error=0.1");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).singleElement().asString().contains("trained on", "--data");
    CommandRun counted =
        CommandRun.of("evaluate", copy.toString(), "--data=" + text, "--baselines");
    assertThat(counted.exitCode()).isEqualTo(2);
    assertThat(counted.errLines()).singleElement().asString().endsWith("leave out --baselines");
    assertThat(named.exitCode()).as(named.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--standard-error=0                     | --standard-error (0.0) must be positive",
        "--confidence=1                    | --confidence (1.0) must be in (0, 1)",
        "--draws=2                         | --draws is of no use to --protocol auto",
        "--protocol=paper --draws=2        | --draws is of no use to --protocol paper",
        "--protocol=mask-count --draws=0   | --draws (0) must be at least 1",
        "--max-evaluations=0               | --max-evaluations (0) must be at least 1",
        "--max-evaluations=63 --protocol=paper | must be at least 64 for protocol paper",
        "--protocol=guess                  | stratified-time",
        "--split=train                     | validation",
        "--exact-orders=3                  | --exact-orders (3) must be even",
        "--policy=left                     | left-to-right",
        "--rows=4                          | --rows is of no use without",
        "--policy=entropy --rows=0         | --rows (0) must be at least 1",
        "--policy=entropy --rows=100000    | --rows (100000) must be at most",
        "--data=no-such.txt                | no-such.txt"
      })
  void mistakesAreOneLine(String options, String expected) {
    CommandRun refused = evaluate(options.split(" ", -1));

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).singleElement().asString().contains(expected);
    assertThat(refused.out()).isEmpty();
  }

  @Test
  void aTextOfOneRowIsTooSmall() throws IOException {
    Path small = Files.writeString(folder.resolve("small.txt"), "a".repeat(20 * TinyRun.LENGTH));

    CommandRun refused = evaluate("--data=" + small);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).singleElement().asString().contains("at least 2 rows");
  }

  private JsonNode json(String... options) throws JsonProcessingException {
    CommandRun measured =
        evaluate(Stream.concat(Stream.of("--json"), Stream.of(options)).toArray(String[]::new));
    assertThat(measured.exitCode()).as(measured.err()).isZero();
    return new ObjectMapper().readTree(measured.out());
  }

  private CommandRun evaluate(String... options) {
    return CommandRun.of(
        Stream.concat(Stream.of("evaluate", run.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  /** Enough for 100 rows in each held-out part. */
  private static String text(String words) {
    return words.repeat(100 * TinyRun.LENGTH * 20 / words.length() + 1);
  }
}
