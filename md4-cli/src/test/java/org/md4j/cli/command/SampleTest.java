package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
import org.md4j.cli.option.SamplerName;
import org.md4j.cli.terminal.Terminal;

@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class SampleTest {
  private static final int TWO_MEGABYTES = 2_000_000;

  private Path folder;
  private Path run;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    run = TinyRun.in(folder.resolve("run"), null);
  }

  @ParameterizedTest
  @EnumSource(
      value = SamplerName.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AUTOREGRESSIVE", "HALTON"})
  void everySamplerDrawsWhatWasAskedFor(SamplerName sampler) {
    String[] options = {
      "--count=2",
      "--length=12",
      "--sampler=" + sampler,
      sampler.uses("--steps") ? "--steps=8" : "--seed=0"
    };

    CommandRun drawn = sample(options);

    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    assertThat(drawn.outLines()).hasSize(2).allMatch(text -> text.matches("[a-z ]{12}"));
    assertThat(sample(options).out()).isEqualTo(drawn.out());
  }

  @ParameterizedTest
  @CsvSource({
    "--sampler=event-driven --grid=uniform",
    "--sampler=confidence --steps=3",
    "--sampler=entropy-bounded --bound=100",
    "--sampler=remasking --strength=1 --steps=9",
    "--sampler=corrector --corrections=2 --corrector-size=0.1 --steps=9",
    "--temperature=0.2",
    "--top-p=0.5",
    "--top-k=1",
    "--seed=1"
  })
  void everySettingMakesADifference(String settings) {
    String[] changes = settings.split(" ", -1);
    String[] usual = {"--count=3", "--length=40"};
    String[] base = changes[0].startsWith("--sampler") ? with(usual, changes[0]) : usual;

    CommandRun changed = sample(with(usual, changes));

    assertThat(changed.exitCode()).as(changed.err()).isZero();
    assertThat(changed.out()).isNotEqualTo(sample(base).out());
  }

  @Test
  void lastLineOfJsonHoldsSettingsTextsAndCost() throws IOException {
    CommandRun drawn = sample("--count=2", "--length=12", "--steps=5", "--seed=3", "--json");

    List<String> lines = drawn.outLines();
    JsonNode json = new ObjectMapper().readTree(lines.get(2));
    assertThat(json.fieldNames())
        .toIterable()
        .startsWith(
            "run",
            "sampler",
            "grid",
            "steps",
            "seed",
            "count",
            "length",
            "texts",
            "evaluations",
            "rows",
            "positions",
            "seconds",
            "characters_per_second");
    assertThat(json.get("run").asText()).isEqualTo(run.toString());
    assertThat(json.get("sampler").asText()).isEqualTo("event-driven");
    assertThat(json.get("grid").asText()).isEqualTo("cosine");
    assertThat(json.get("steps").asInt()).isEqualTo(5);
    assertThat(json.get("seed").asLong()).isEqualTo(3);
    assertThat(json.at("/texts/0").asText()).isEqualTo(lines.get(0));
    assertThat(json.at("/texts/1").asText()).isEqualTo(lines.get(1));
    assertThat(json.get("evaluations").asInt()).isBetween(1, 6);
    assertThat(json.get("positions").asInt()).isEqualTo(24);
    assertThat(json.get("characters_per_second").asDouble()).isPositive();
  }

  @Test
  void settingsTheSamplerHasNotAreNull() throws IOException {
    CommandRun drawn =
        sample("--count=1", "--length=4", "--sampler=first-hitting", "--json", "--quiet");

    JsonNode json = new ObjectMapper().readTree(drawn.out());
    assertThat(json.get("grid").isNull()).isTrue();
    assertThat(json.get("steps").isNull()).isTrue();
  }

  @Test
  void accountingComesLastOnTheErrorStream() {
    CommandRun drawn = sample("--count=2", "--length=12", "--sampler=first-hitting");

    assertThat(drawn.errLines().get(drawn.errLines().size() - 1))
        .contains("12 network evaluations of 24 rows", "24 positions; 24 characters");
  }

  @Test
  void quietPrintsResultsAlone() throws IOException {
    Path file = folder.resolve("quiet.txt");

    CommandRun drawn = sample("--count=2", "--length=12", "--quiet", "--out=" + file);

    assertThat(drawn.err()).isEmpty();
    assertThat(Files.readAllLines(file)).hasSize(2).isEqualTo(drawn.outLines());
  }

  @Test
  void anOutputThatIsClosedEndsTheDrawing() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("closed");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    int exitCode =
        CommandRun.on(
            Terminal.plain(
                new PrintStream(closed, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            "sample",
            run.toString(),
            "--count=100000",
            "--length=12",
            "--steps=1");

    assertThat(exitCode).isNotZero();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("standard output must take what is printed, and does not");
  }

  @Test
  void reportIsOnePageWithTextsAndProtocol() throws IOException {
    Path page = folder.resolve("page.html");

    CommandRun drawn =
        sample("--count=2", "--length=12", "--steps=7", "--sampler=remasking", "--report=" + page);

    assertThat(drawn.exitCode()).as(drawn.err()).isZero();
    assertThat(Files.size(page)).isLessThan(TWO_MEGABYTES);
    assertThat(page)
        .content()
        .contains(
            "2 texts of 12 characters",
            "\"sampler\":\"remasking\"",
            "\"steps\":\"7\"",
            "\"network evaluations\"",
            "\"version\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sampler=first-hitting --steps=3     | --steps is of no use to --sampler first-hitting",
        "--sampler=entropy-bounded --grid=cosine | --grid is of no use to --sampler"
            + " entropy-bounded",
        "--sampler=halton                      | --sampler halton is of no use to this run: it goes"
            + " by the pixels of pictures",
        "--sampler=dilated --bound=1           | --bound is of no use to --sampler dilated",
        "--bound=1                             | --bound is of no use to --sampler event-driven",
        "--sampler=confidence --strength=0.5   | --strength is of no use to --sampler confidence",
        "--corrections=1                       | --corrections is of no use",
        "--corrector-size=1                    | --corrector-size is of no use",
        "--sampler=best                        | corrector",
        "--grid=square                         | cosine",
        "--told-time=noon                      | visible",
        "--steps=0                             | --steps (0) must be at least 1",
        "--temperature=0                       | --temperature (0.0) must be positive",
        "--top-p=0                             | --top-p (0.0) must be in (0, 1]",
        "--top-k=0                             | --top-k (0) must be at least 1",
        "--sampler=entropy-bounded --bound=-1  | --bound (-1.0) must be at least 0",
        "--sampler=remasking --strength=2      | --strength (2.0) must be in [0, 1]",
        "--sampler=corrector --corrections=-1  | --corrections (-1) must be at least 0",
        "--sampler=corrector --corrector-size=-1 | --corrector-size (-1.0) must be at least 0",
        "--length=30000 --report=long.html     | at most 20000",
        "--out=no-such-folder/texts.txt        | --out (no-such-folder/texts.txt) must be in a"
            + " folder",
        "--report=no-such-folder/page.html     | --report (no-such-folder/page.html) must be in a"
            + " folder",
        "--out=same.html --report=same.html    | another file"
      })
  void mistakesAreOneLine(String options, String expected) {
    CommandRun drawn = sample(options.split(" ", -1));

    assertThat(drawn.exitCode()).isEqualTo(2);
    assertThat(drawn.errLines()).singleElement().asString().contains(expected);
    assertThat(drawn.out()).isEmpty();
  }

  @Test
  void filesInTheWayAreLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("thesis.txt"), "years of work");

    CommandRun texts = sample("--out=" + file);
    CommandRun report = sample("--report=" + file);

    assertThat(List.of(texts, report)).allMatch(refused -> refused.exitCode() == 2);
    assertThat(file).content().isEqualTo("years of work");
  }

  private CommandRun sample(String... options) {
    return CommandRun.of(with(new String[] {"sample", run.toString()}, options));
  }

  private static String[] with(String[] first, String... more) {
    return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
  }
}
