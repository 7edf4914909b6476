package org.md4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.option.TextPresets;
import org.md4j.cli.terminal.Terminal;
import org.md4j.train.TextPreset;
import org.md4j.train.TrainerConfig;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {
  private static final List<String> TRAIN_OPTIONS =
      List.of(
          "--data",
          "--preset",
          "--model",
          "--steps",
          "--batch",
          "--learning-rate",
          "--warmup",
          "--ema",
          "--eval-every",
          "--eval-rows",
          "--seed",
          "--precision",
          "--out",
          "--resume",
          "--json");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "train --help",
        "train text --help",
        "train image --help",
        "sample --help",
        "infill --help",
        "evaluate --help",
        "zero-shot --help",
        "quality --help",
        "doctor --help",
        "benchmark --help",
        "study --help",
        "study sampling --help",
        "study speed --help",
        "study infill --help",
        "study words --help",
        "study models --help",
        "study images --help"
      })
  void everyCommandHasHelp(String commandLine) {
    CommandRun run = CommandRun.of(commandLine.split(" ", -1));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: md4");
    assertThat(run.err()).isEmpty();
  }

  /** Lines are broken where the text is shown, but for an end of a sentence or of an item. */
  @Test
  void noDescriptionIsBrokenWithinASentence() {
    Terminal nobody = Terminal.plain(System.out, System.err);

    assertThat(commands(Md4.commandLine(nobody)))
        .flatMap(HelpTest::descriptions)
        .allSatisfy(line -> assertThat(line).matches(".*[.;]"));
  }

  private static Stream<CommandLine> commands(CommandLine command) {
    return Stream.concat(
        Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::commands));
  }

  private static List<String> descriptions(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    return Stream.concat(
            Arrays.stream(spec.usageMessage().description()),
            spec.args().stream().flatMap(argument -> Arrays.stream(argument.description())))
        .filter(line -> !line.startsWith("Show this help") && !line.startsWith("Print version"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "image"})
  void everyOptionOfTrainingShowsItsDefault(String data) {
    String help = unwrapped(CommandRun.of("train", data, "--help").out());
    List<String> own = data.equals("text") ? List.of("--length") : List.of("--valid", "--crop");

    for (String option : Stream.concat(TRAIN_OPTIONS.stream(), own.stream()).toList()) {
      String rest = help.substring(help.indexOf(" " + option, help.indexOf("left alone")) + 1);
      assertThat(rest.split(" --", 2)[0]).as(option).contains("Default: ");
    }
  }

  @Test
  void defaultsAreThoseOfThePresets() {
    String help = unwrapped(CommandRun.of("train", "text", "--help").out());

    for (TextPreset preset : TextPresets.ALL) {
      TrainerConfig trainer = preset.trainer();
      Stream.<Number>of(
              trainer.steps(),
              trainer.batchSize(),
              preset.network().length(),
              trainer.optimizer().learningRate(),
              trainer.optimizer().warmupSteps(),
              trainer.optimizer().emaRate(),
              trainer.evaluation().every(),
              trainer.evaluation().rows(),
              trainer.seed())
          .map(value -> new BigDecimal(value.toString()).stripTrailingZeros().toPlainString())
          .forEach(value -> assertThat(help).contains(preset.name() + " " + value));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sample", "infill", "evaluate", "quality"})
  void everyOptionShowsItsDefault(String command) {
    String help = unwrapped(CommandRun.of(command, "--help").out());

    String options = help.substring(help.indexOf("The folder of a"), help.indexOf(" -h, --help"));
    assertThat(options.split(" --(?=[a-z-]+(=| [A-Z]))", -1))
        .hasSizeGreaterThan(8)
        .satisfies(
            all ->
                assertThat(Arrays.stream(all).skip(1))
                    .allMatch(option -> option.contains("Default: ")));
  }

  @Test
  void everyOptionOfBenchmarkShowsItsDefault() {
    String help = CommandRun.of("benchmark", "--help").out();

    assertThat(help).contains("Default: mini.", "Default: 12.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "train text --version"})
  void versionNamesThisProjectAndItsFoundations(String commandLine) {
    CommandRun run = CommandRun.of(commandLine.split(" ", -1));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsPattern("md4 \\d+\\.\\d+").contains("DL4J", "Java");
  }

  private static String unwrapped(String help) {
    return help.replaceAll("\\s+", " ");
  }
}
