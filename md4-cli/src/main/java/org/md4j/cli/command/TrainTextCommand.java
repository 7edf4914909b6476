package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.RunFlags;
import org.md4j.cli.option.TextSettings;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.Terminal;
import org.md4j.cli.train.TextTraining;
import org.md4j.cli.train.TimeBudget;
import org.md4j.train.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains the text transformer and draws three samples from it. */
@Command(
    name = "text",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    resourceBundle = "org.md4j.cli.option.PresetDefaults",
    description = {
      "Train the MD4 text transformer on text of 27 symbols (a to z and space), then draw three"
          + " samples.",
      "The first 90 %% of the text is learned, the next 5 %% validates, the last 5 %% is left"
          + " alone."
    })
public final class TrainTextCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "The text: plain, .gz, or .zip as text8 is published. Default: six novels by Jane Austen"
              + " that come with md4.")
  private @Nullable Path data;

  @Mixin private TextSettings settings = new TextSettings();

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  @Mixin private RunFlags where = new RunFlags();

  /** Creates the command, to print to a terminal. */
  public TrainTextCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    NativeBackend.requireUsable();
    Optional<RunFolder> resumed = where.resumed(Set.of("--data", PrecisionFlag.NAME));
    where.show(resumed.isPresent() ? goOn(resumed.get()) : start(), terminal);
    return 0;
  }

  private RunReport start() throws IOException {
    Optional<TimeBudget> budget = settings.minutes().map(TimeBudget::new);
    RunFolder folder = where.newFolder(RunKind.TEXT, settings.presetName());
    TextRunConfig config = settings.config(data);
    if (budget.isPresent()) {
      int steps = training(config, folder).stepsWithin(budget.get());
      config = config.withTrainer(settings.withSteps(config.trainer(), steps));
    }
    return training(config, folder).run(where.arguments(), null);
  }

  private RunReport goOn(RunFolder folder) throws IOException {
    TextRunConfig config = folder.readConfig(TextRunConfig.class);
    if (data != null) {
      config = config.withData(data.toString());
    }
    Checkpoint checkpoint = Checkpoint.read(folder.checkpoint());
    return training(config, folder).run(where.arguments(), checkpoint);
  }

  private TextTraining training(TextRunConfig config, RunFolder folder) {
    return new TextTraining(config, folder, terminal, precision.chosen(terminal));
  }
}
