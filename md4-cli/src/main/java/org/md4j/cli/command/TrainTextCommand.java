package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.md4j.cli.data.RunText;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.RunFlags;
import org.md4j.cli.option.TextSettings;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunLock;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.CommandException;
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
      "Train the MD4 text transformer on text of 27 symbols (a to z and space), or on words that"
          + " 'prepare' made of documents, then draw three samples.",
      "Of a text of 27 symbols the first 90 %% is learned, the next 5 %% validates, the last 5 %% is"
          + " left alone; of words, documents of their own validate."
    })
public final class TrainTextCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "The text: a file of 27 symbols, plain, .gz, or .zip as text8 is published, or a folder of"
              + " words as 'prepare' writes it. Default: six novels by Jane Austen that come with"
              + " md4.")
  private List<Path> data = new ArrayList<>();

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
    Optional<RunFolder> resumed = where.resumed(Set.of("--data"));
    where.show(resumed.isPresent() ? goOn(resumed.get()) : start(), terminal);
    return 0;
  }

  private RunReport start() throws IOException {
    Optional<TimeBudget> budget = settings.minutes().map(TimeBudget::new);
    RunText text = RunText.of(data);
    TextRunConfig config = settings.config(text.path(), text.tokenizer());
    RunFolder folder = where.newFolder(config.kind(), settings.presetName());
    if (budget.isPresent()) {
      int steps = training(config, text.tokenizer(), folder).stepsWithin(budget.get());
      config = config.withTrainer(settings.withSteps(config.trainer(), steps));
    }
    return training(config, text.tokenizer(), folder).run(where.arguments(), null);
  }

  private RunReport goOn(RunFolder folder) throws IOException {
    // From before anything is read: what is read must still be so when it is gone on from.
    RunLock lock = RunLock.of(folder);
    try {
      return goOnAlone(folder);
    } finally {
      lock.close();
    }
  }

  private RunReport goOnAlone(RunFolder folder) throws IOException {
    RunTokenizer tokenizer = RunTokenizer.of(folder);
    TextRunConfig config = folder.readConfig(TextRunConfig.class);
    if (!data.isEmpty()) {
      RunText text = RunText.of(data);
      if (!text.tokenizer().tokenizer().identity().equals(tokenizer.tokenizer().identity())) {
        throw new CommandException(
            "--data (%s) must be by the tokenizer of the run, %s, got one by %s"
                .formatted(
                    data.get(0),
                    tokenizer.tokenizer().identity().name(),
                    text.tokenizer().tokenizer().identity().name()));
      }
      config = config.withData(data.get(0).toString());
    }
    config = config.withTrainer(settings.resumed(config.trainer()));
    Checkpoint checkpoint =
        folder.latestCheckpoint(tokenizer.types(), terminal.err()::println).orElse(null);
    return training(config, tokenizer, folder).run(where.arguments(), checkpoint);
  }

  private TextTraining training(TextRunConfig config, RunTokenizer tokenizer, RunFolder folder) {
    return new TextTraining(
        config, tokenizer, folder, terminal, precision.chosen(terminal), List.of());
  }
}
