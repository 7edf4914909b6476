package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.cli.CommandRun;
import org.md4j.cli.data.TextData;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.study.StudySampler;
import org.md4j.diffusion.Model;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.Trainer;
import org.md4j.train.TrainerConfig;

/** The studies on a network that learned next to nothing, with budgets of nothing. */
@TestInstance(Lifecycle.PER_CLASS)
class StudyTest {
  private static final int TEXTS = 3;
  private static final int LENGTH = 12;

  private Path folder;
  private Path run;
  private Path out;
  private CommandRun study;
  private JsonNode report;

  @BeforeAll
  void trainAndStudy(@TempDir Path temporary) throws IOException {
    folder = temporary;
    run = folder.resolve("run");
    out = folder.resolve("study");
    train(new RunFolder(run));
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      study =
          CommandRun.of(
              "study",
              "sampling",
              run.toString(),
              "--rows=" + TEXTS,
              "--steps=2,5",
              "--out=" + out);
    } finally {
      Locale.setDefault(usual);
    }
    assertThat(study.exitCode()).as(study.err()).isZero();
    report = new ObjectMapper().readTree(out.resolve("sampling.json").toFile());
  }

  @Test
  void everySamplerHasItsRows() {
    List<String> rows = new ArrayList<>();
    report
        .get("rows")
        .forEach(
            row ->
                rows.add(
                    "%s %s %s"
                        .formatted(
                            row.get("sampler").asText(),
                            row.get("grid").asText(),
                            row.get("steps").asText())));

    assertThat(rows)
        .startsWith(
            "event-driven uniform 2",
            "event-driven uniform 5",
            "event-driven cosine 2",
            "event-driven cosine 5",
            "stepwise cosine 5",
            "top-p cosine 2")
        .contains(
            "entropy cosine 5",
            "dilated uniform 2",
            "dilated cosine 5",
            "corrector cosine 2",
            "remasking cosine 2")
        .containsOnlyOnce("first-hitting null null");
    assertThat(rows.stream().filter("entropy-bounded null null"::equals)).hasSize(4);
    assertThat(rows).hasSize(4 + 1 + 8 * 2 + 4 + 4 + 1);
  }

  @Test
  void evaluationsAreThoseOfTheSampler() {
    assertThat(evaluations("stepwise")).isEqualTo(5);
    assertThat(evaluations("first-hitting")).isEqualTo(LENGTH);
    assertThat(evaluations("event-driven")).isBetween(1.0, 2.0);
    assertThat(evaluations("dilated")).isEqualTo(2);
  }

  @Test
  void qualityIsThatOfTheTextsWritten() throws IOException {
    JsonNode row = rowOf("first-hitting");
    List<String> texts = Files.readAllLines(out.resolve("texts/first-hitting.txt"));

    assertThat(texts).hasSize(TEXTS).allMatch(text -> text.matches("[a-z ]{" + LENGTH + "}"));
    assertThat(row.get("bits_per_character").asDouble()).isBetween(2.0, 20.0);
    assertThat(row.get("standard_error").asDouble()).isPositive();
    assertThat(row.get("unigram_entropy").asDouble()).isBetween(1.0, 4.76);
    assertThat(row.get("six_gram_entropy").asDouble())
        .isBetween(3.0, Math.log(TEXTS * (LENGTH - 5)) / Math.log(2) + 1e-9);
  }

  @Test
  void heldOutTextCostsLessThanWhatAnUntrainedNetworkDraws() {
    double heldOut = report.at("/held_out/bits_per_character").asDouble();

    assertThat(rowOf("first-hitting").get("bits_per_character").asDouble())
        .isGreaterThan(heldOut + 1);
    assertThat(report.get("training_steps").asInt()).isEqualTo(1);
    assertThat(report.get("texts").asInt()).isEqualTo(TEXTS);
    assertThat(report.get("length").asInt()).isEqualTo(LENGTH);
  }

  @Test
  void tableIsMarkdownAndIsPrintedToo() throws IOException {
    List<String> table = Files.readAllLines(out.resolve("sampling.md"));

    assertThat(study.outLines()).isEqualTo(table);
    assertThat(table).hasSize(3 + report.get("rows").size());
    assertThat(table).allMatch(line -> line.chars().filter(c -> c == '|').count() == 9);
    assertThat(table.get(3))
        .matches(
            "\\| event-driven \\| uniform \\| 2 \\| \\d\\.\\d \\| \\d+"
                + " \\| \\d+\\.\\d{3} ± \\d\\.\\d{3} \\| \\d\\.\\d{3} \\| \\d\\.\\d{3} \\|");
  }

  @Test
  void plotIsDrawnWithoutADisplay() throws IOException {
    assertThat(ImageIO.read(out.resolve("sampling.png").toFile()).getWidth()).isGreaterThan(100);
  }

  @Test
  void someSamplersAlone() {
    Path some = folder.resolve("some");

    CommandRun chosen =
        CommandRun.of(
            "study",
            "sampling",
            run.toString(),
            "--rows=2",
            "--steps=2",
            "--samplers=first-hitting,tau-leaping",
            "--out=" + some);

    assertThat(chosen.exitCode()).as(chosen.err()).isZero();
    assertThat(chosen.outLines().subList(3, chosen.outLines().size()))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("| first-hitting |  |  | 12.0 |"),
            line -> assertThat(line).startsWith("| tau-leaping | cosine | 2 |"));
  }

  @Test
  void speedOfBothWaysIsPrintedInTurnWithTheirRatio() {
    CommandRun speed =
        CommandRun.of("study", "speed", run.toString(), "--steps=4", "--rows=2", "--rounds=2");

    assertThat(speed.exitCode()).as(speed.err()).isZero();
    assertThat(speed.outLines())
        .satisfiesExactly(
            line -> assertThat(line).matches("round\t1\tsteps\t4\tsampler\tevent-driven\t.*"),
            line ->
                assertThat(line)
                    .matches(
                        "round\t1\tsteps\t4\tsampler\tstepwise\tseconds\t\\d+\\.\\d{3}"
                            + "\tcharacters_per_s\t\\d+\\.\\d\tcalls\t\\d+"
                            + "\tevaluations_per_text\t\\d\\.\\d\tprecision\tb?f\\d+"),
            line -> assertThat(line).startsWith("round\t2"),
            line -> assertThat(line).startsWith("round\t2"),
            line ->
                assertThat(line)
                    .matches(
                        "median\tsteps\t4\tevent_driven_characters_per_s\t\\d+\\.\\d"
                            + "\tstepwise_characters_per_s\t\\d+\\.\\d\tratio\t\\d+\\.\\d\\d\tprecision\tb?f\\d+"));
  }

  @Test
  void infillingIsMeasuredUnderBothTimes() {
    CommandRun infill = CommandRun.of("study", "infill", run.toString(), "--rows=4", "--draws=1");

    assertThat(infill.exitCode()).as(infill.err()).isZero();
    String bits = "-?\\d\\.\\d{4} ± \\d\\.\\d{4}";
    assertThat(infill.outLines())
        .hasSize(19)
        .endsWith(
            "", "Bits a blank, mean ± standard error over 4 texts, the network computing in f32.");
    assertThat(infill.outLines().subList(2, 17))
        .allMatch(
            line ->
                line.matches(
                    "\\| (scattered|words|span) \\| \\d+ %% \\| %s \\| %s \\| %s \\|"
                        .formatted(bits, bits, bits)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sampling --rows=1         | --rows (1) must be at least 2",
        "sampling --rows=100000000 | held-out texts",
        "sampling --steps=8,0      | --steps (0)",
        "sampling --samplers=best  | 'best' must be one of event-driven, stepwise",
        "sampling --samplers=,     | --samplers must have a value between its commas",
        "sampling --data=none.txt  | none.txt",
        "speed --steps=0           | --steps (0)",
        "speed --rows=0            | --rows (0)",
        "speed --rounds=0          | --rounds (0)",
        "speed --grid=square       | must be one of uniform, cosine",
        "infill --rows=1           | --rows (1)",
        "infill --draws=0          | --draws (0)"
      })
  void mistakesAreOneLineAndWriteNothing(String arguments, String expected) {
    Path nothing = folder.resolve("nothing");
    List<String> command = new ArrayList<>(List.of("study"));
    command.addAll(List.of(arguments.split(" ", -1)));
    command.add(run.toString());
    if (arguments.startsWith("sampling")) {
      command.add("--out=" + nothing);
    }

    CommandRun refused = CommandRun.of(command.toArray(String[]::new));

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).singleElement().asString().contains(expected);
    assertThat(nothing).doesNotExist();
  }

  @Test
  void resultsAreNotOverwritten() {
    CommandRun refused = CommandRun.of("study", "sampling", run.toString(), "--out=" + out);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).singleElement().asString().contains("new or empty");
  }

  @Test
  void namesOfSamplersAreThoseOfTheOtherCommands() {
    assertThat(StudySampler.values())
        .extracting(StudySampler::toString)
        .contains("event-driven", "tau-leaping", "first-hitting", "entropy-bounded", "remasking");
  }

  /** A step of the smallest network; the command would draw long samples after it. */
  private static void train(RunFolder folder) throws IOException {
    TransformerConfig network =
        TransformerConfig.builder(27, LENGTH).layers(1).heads(1).headSize(8).build();
    TrainerConfig config =
        TrainerConfig.builder(1, 4, 1e-3)
            .optimizer(adamW -> adamW.emaRate(0.9))
            .evaluation(evaluation -> evaluation.rows(16))
            .build();
    TextData data = TextData.load(null, LENGTH);
    Files.createDirectories(folder.path());
    folder.write(new TextRunConfig("tiny", Model.MD4, null, network, config));
    try (Trainer trainer =
        new Trainer(
            TransformerDenoiser.create(network, 0),
            new ContinuousTimeElbo(MaskingSchedule.reference()),
            data.training(),
            data.validation(),
            config,
            List.of())) {
      trainer.checkpointTo(folder.checkpoint());
      trainer.train();
    }
  }

  private double evaluations(String sampler) {
    return rowOf(sampler).get("evaluations_per_text").asDouble();
  }

  private JsonNode rowOf(String sampler) {
    for (JsonNode row : report.get("rows")) {
      if (row.get("sampler").asText().equals(sampler)) {
        return row;
      }
    }
    throw new AssertionError(sampler);
  }
}
