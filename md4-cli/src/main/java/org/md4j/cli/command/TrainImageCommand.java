package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ImageSets;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.ImageSettings;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.RunFlags;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunLock;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.cli.train.ImageTraining;
import org.md4j.cli.train.TimeBudget;
import org.md4j.train.Checkpoint;
import org.md4j.train.CheckpointTypes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains an image U-Net and draws a grid of samples from it. */
@Command(
    name = "image",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    resourceBundle = "org.md4j.cli.option.ImagePresetDefaults",
    description = {
      "Train an MD4 U-Net on pictures, every colour of every pixel a token of 256 values, then draw"
          + " samples.",
      "The run folder gets curve.png, samples.png and denoising.png."
    })
public final class TrainImageCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "The pictures: a folder or tar of JPEG or PNG, CIFAR-10, IDX, or NPZ as downsampled"
              + " ImageNet has it. Default: a part of Fashion-MNIST that comes with md4.")
  private @Nullable Path data;

  @Option(
      names = "--valid",
      paramLabel = "PATH",
      description =
          "The pictures of validation. Default: those of a folder of IDX that are for testing, t10k;"
              + " else 5 %% of the data, which is then not learned.")
  private @Nullable Path valid;

  @Mixin private ImageSettings settings = new ImageSettings();

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  @Mixin private RunFlags where = new RunFlags();

  /** Creates the command, to print to a terminal. */
  public TrainImageCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    NativeBackend.requireUsable();
    Optional<RunFolder> resumed = where.resumed(Set.of("--data", "--valid"));
    where.show(resumed.isPresent() ? goOn(resumed.get()) : start(), terminal);
    return 0;
  }

  private RunReport start() throws IOException {
    if (valid != null && data == null) {
      throw new CommandException("--valid is of no use without --data");
    }
    settings.requireData(data);
    Optional<TimeBudget> budget = settings.minutes().map(TimeBudget::new);
    RunFolder folder = where.newFolder(RunKind.IMAGE, settings.presetName());
    try (ImageSets sets =
        ImageSets.open(
            data, valid, ImageSets.geometry(settings.presetNetwork(), settings.crop()))) {
      ImageRunConfig config = settings.config(data, valid, sets.shape(), sets.classNames());
      ImageSets used = sets.withLabels(config.network().classes() > 0);
      if (budget.isPresent()) {
        int steps = training(config, folder).stepsWithin(budget.get(), used);
        config = config.withTrainer(settings.withSteps(config.trainer(), steps));
      }
      return training(config, folder).run(where.arguments(), null, used);
    }
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
    ImageRunConfig own = folder.readConfig(ImageRunConfig.class);
    ImageRunConfig config =
        own.withData(
                data == null ? own.data() : data.toString(),
                valid == null ? own.valid() : valid.toString())
            .withTrainer(settings.resumed(own.trainer()));
    Checkpoint checkpoint =
        folder.latestCheckpoint(CheckpointTypes.standard(), terminal.err()::println).orElse(null);
    try (ImageSets sets = ImageSets.of(config)) {
      return training(config, folder).run(where.arguments(), checkpoint, sets);
    }
  }

  private ImageTraining training(ImageRunConfig config, RunFolder folder) {
    return new ImageTraining(config, folder, terminal, precision.chosen(terminal));
  }
}
