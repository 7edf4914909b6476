package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.StoppedException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.cli.train.TextTraining;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Fit;
import org.md4j.train.Checkpoint;
import org.md4j.train.CheckpointConfig;
import org.md4j.train.CheckpointTypes;
import org.md4j.train.TrainerConfig;

/**
 * The training of one model of a study, as far as it is not done yet.
 *
 * @param model which
 * @param folder where its run is or will be
 * @param config its settings
 */
public record ModelRun(StudyModel model, RunFolder folder, TextRunConfig config) {
  /**
   * Checks that the folder is free or holds this very run, at whatever step. Threads, the place of
   * the text and the precision may be others than they were. Writes nothing.
   *
   * @param dataSha256 of the text
   * @throws CommandException if there is something else
   */
  void check(String dataSha256) throws IOException {
    if (folder.isFree()) {
      return;
    }
    if (!Files.isRegularFile(folder.config())) {
      throw new CommandException(
          "run folder (" + folder.path() + ") must be new, empty or a run's: choose another --out");
    }
    TextRunConfig found = folder.readConfig(TextRunConfig.class);
    requireSame("objective", found.objective(), config.objective());
    requireSame("network", found.network(), config.network());
    requireSame("settings", comparable(found.trainer()), comparable(config.trainer()));
    Optional<Checkpoint> checkpoint = latest(warning -> {});
    if (checkpoint.isPresent()) {
      requireSame("text", checkpoint.get().data().sha256(), dataSha256);
    }
  }

  private Optional<Checkpoint> latest(Consumer<String> warnings) {
    return Files.isDirectory(folder.path())
        ? folder.latestCheckpoint(CheckpointTypes.standard(), warnings)
        : Optional.empty();
  }

  /** Settings without those that change nothing of what is learned. */
  private static TrainerConfig comparable(TrainerConfig config) {
    return config.toBuilder()
        .replicas(0)
        .checkpoints(checkpoints -> CheckpointConfig.builder())
        .optimizer(adamW -> adamW.mostSkips(0))
        .build();
  }

  /**
   * Trains if there is anything left to train. What is found is used in whatever precision it was
   * trained.
   *
   * @param arguments the command line, for the record
   * @param precision what is still to be trained is trained in
   * @return the finished run's checkpoint
   */
  Checkpoint finish(List<String> arguments, Precision precision, Terminal terminal)
      throws IOException {
    Checkpoint found = latest(terminal.err()::println).orElse(null);
    if (found != null && found.step() == config.trainer().steps()) {
      terminal.err().printf("%s, seed %d: %d steps are done%n", model, seed(), found.step());
      return found;
    }
    terminal
        .err()
        .printf(
            "%s, seed %d: training from step %d to %d%n",
            model, seed(), found == null ? 0 : found.step(), config.trainer().steps());
    try {
      new TextTraining(settings(found), folder, terminal, precision).run(arguments, found);
    } catch (StoppedException e) {
      throw new StoppedException(
          "stopped in the training of %s, seed %d; to go on, give the same command again"
              .formatted(model, seed()),
          e);
    }
    return Checkpoint.read(folder.checkpoint());
  }

  /** The seed of the training. */
  long seed() {
    return config.trainer().seed();
  }

  /** Rows given to the network in a step of training. */
  int rowsPerStep() {
    return config.trainer().batchSize() * new Fit(config.objective()).masksOfTrainingRow();
  }

  /** A stopped run goes on with its own number of threads: it is then the same to the bit. */
  private TextRunConfig settings(@Nullable Checkpoint from) throws IOException {
    if (from == null) {
      return config;
    }
    String data = config.data();
    TextRunConfig own = folder.readConfig(TextRunConfig.class);
    return data == null ? own : own.withData(data);
  }

  private void requireSame(String name, Object found, Object wanted) {
    if (!found.equals(wanted)) {
      throw new CommandException(
          "run folder (%s) must be new or of the run asked for: its %s is %s, the study's is %s"
              .formatted(folder.path(), name, found, wanted));
    }
  }
}
