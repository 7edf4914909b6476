package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
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
class InfillTest {
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
  void whatIsGivenNeverChanges(SamplerName sampler) {
    CommandRun filled =
        infill(
            "the ____ of the _",
            "it was _ ____",
            "--count=2",
            "--sampler=" + sampler,
            sampler.uses("--steps") ? "--steps=8" : "--seed=0");

    assertThat(filled.exitCode()).as(filled.err()).isZero();
    assertThat(filled.outLines())
        .hasSize(4)
        .satisfies(
            texts ->
                assertThat(texts.subList(0, 2))
                    .allMatch(t -> t.matches("the [a-z ]{4} of the [a-z ]")))
        .satisfies(
            texts ->
                assertThat(texts.subList(2, 4))
                    .allMatch(t -> t.matches("it was [a-z ] [a-z ]{4}")));
  }

  @Test
  void eachTemplateIsTakenForEachLength() {
    CommandRun filled = infill("a _ and __", "no __", "--lengths=1,3", "--count=1");

    assertThat(filled.outLines())
        .satisfiesExactly(
            text -> assertThat(text).matches("a [a-z ] and [a-z ]"),
            text -> assertThat(text).matches("a [a-z ]{3} and [a-z ]{3}"),
            text -> assertThat(text).matches("no [a-z ]"),
            text -> assertThat(text).matches("no [a-z ]{3}"));
  }

  @Test
  void theLikeliestOfAllLengthsIsShown() throws IOException {
    Path out = folder.resolve("best.txt");

    CommandRun filled =
        infill(
            "a _ and",
            "no _ e",
            "--lengths=1-2,4",
            "--count=2",
            "--best",
            "--json",
            "--out=" + out);

    assertThat(filled.outLines()).hasSize(3);
    assertThat(Files.readAllLines(out)).isEqualTo(filled.outLines().subList(0, 2));
    JsonNode json = new ObjectMapper().readTree(filled.outLines().get(2));
    assertThat(json.at("/templates")).hasSize(6);
    for (int template = 0; template < 2; template++) {
      JsonNode ranking = json.at("/rankings/" + template);
      assertThat(ranking).hasSize(6);
      assertThat(ranking.get(0).get("text").asText()).isEqualTo(filled.outLines().get(template));
      assertThat(ranking.findValues("bits_per_blank"))
          .isSortedAccordingTo(Comparator.comparingDouble(JsonNode::asDouble));
      assertThat(ranking.findValues("blanks").stream().map(JsonNode::asInt).sorted())
          .containsExactly(1, 1, 2, 2, 4, 4);
    }
    assertThat(filled.errLines())
        .anyMatch(line -> line.matches("likeliest of 6: . blanks? filled in, .*"));
  }

  @Test
  void templatesComeFromAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("templates.txt"), "one __\ntwo ___\n");

    CommandRun filled = infill("--file=" + file, "--count=1");

    assertThat(filled.outLines())
        .satisfiesExactly(
            text -> assertThat(text).matches("one [a-z ]{2}"),
            text -> assertThat(text).matches("two [a-z ]{3}"));
  }

  @Test
  void jsonHoldsTheTextsOfEachTemplate() throws IOException {
    CommandRun filled = infill("one __", "three _", "--count=2", "--json", "--quiet");

    JsonNode json = new ObjectMapper().readTree(filled.out());
    assertThat(json.at("/templates/0/template").asText()).isEqualTo("one __");
    assertThat(json.at("/templates/0/texts")).hasSize(2);
    assertThat(json.at("/templates/1/texts/1").asText()).matches("three [a-z ]");
    assertThat(json.get("positions").asInt()).isEqualTo(6);
  }

  @Test
  void theNetworkIsToldTheTimeAskedFor() throws IOException {
    String visible = probabilities("--told-time=visible");
    assertThat(probabilities("--told-time=step")).isNotEqualTo(visible).startsWith("0.");
    assertThat(probabilities("--seed=0")).as("what is usual").isEqualTo(visible);
  }

  private String probabilities(String option) throws IOException {
    Path page = folder.resolve(option + ".html");
    infill("it was the ____ of times", option, "--report=" + page);
    return Files.readString(page).split("\"probabilities\":\\[", 2)[1].split("]", 2)[0];
  }

  @Test
  void reportShowsWhatWasGiven() throws IOException {
    Path page = folder.resolve("infill.html");

    infill("ab_", "--count=1", "--report=" + page);

    assertThat(page).content().contains("\"start\":[0,1,27]");
  }

  @Test
  void filledInPartsAreColouredInATerminal() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

    CommandRun.on(
        new Terminal(out, out, true, true, 80), "infill", run.toString(), "ab_", "--count=1");

    assertThat(shown.toString(StandardCharsets.UTF_8))
        .containsPattern("ab\u001b\\[0m\u001b\\[36m[a-z ]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "the Cat _          | template 1: text holds the symbol 'C' at position 4",
        "plain              | template 1: template (plain) must hold at least one blank",
        "''                 | must hold at least one blank",
        "--lengths=0        | --lengths (0) must be in 1..1024",
        "--lengths=x        | --lengths (x) must be numbers and ranges such as 3 or 1-6",
        "--lengths=1-99999  | --lengths (1-99999) must be in 1..1024",
        "--lengths=4-2      | --lengths (4-2) must be in 1..1024, and a range must not fall",
        "--count=0          | --count (0) must be at least 1",
        "--file=no-such.txt | --file and TEMPLATE cannot both be given"
      })
  void mistakesAreOneLine(String argument, String expected) {
    rejects(argument.startsWith("--") ? infill("a_", argument) : infill(argument), expected);
  }

  @Test
  void mistakesInAFileNameTheLine() throws IOException {
    Path file = Files.writeString(folder.resolve("wrong.txt"), "one __\ntw0 ___\n");

    rejects(infill("--file=" + file), "line 2: text holds the symbol '0' at position 2");
    rejects(infill("--file=" + folder.resolve("none.txt")), "no such file");
    rejects(infill("--file=" + Files.writeString(folder.resolve("empty.txt"), "")), "got none");
    rejects(
        infill("--file=" + Files.write(folder.resolve("latin.txt"), new byte[] {(byte) 0xe9})),
        "UTF-8");
  }

  @Test
  void somethingMustBeGiven() {
    rejects(infill(), "a TEMPLATE must be given");
    rejects(CommandRun.of("infill"), "RUN");
  }

  private static void rejects(CommandRun refused, String expected) {
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).singleElement().asString().contains(expected);
    assertThat(refused.out()).isEmpty();
  }

  private CommandRun infill(String... arguments) {
    return CommandRun.of(
        Stream.concat(List.of("infill", run.toString()).stream(), Stream.of(arguments))
            .toArray(String[]::new));
  }
}
