package org.md4j.cli.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.run.RunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunLock;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.StoppedException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.diffusion.Fit;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.Objective;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.ToldTime;
import org.md4j.train.Checkpoint;
import org.md4j.train.CheckpointException;
import org.md4j.train.MetricsFile;
import org.md4j.train.Trainer;
import org.md4j.train.TrainingListener;
import org.md4j.train.TrainingStoppedException;
import org.md4j.train.TrainingSummary;

/**
 * What runs of every kind of data have in common: training, and the files about it. Everything a
 * user may have got wrong is checked before the first file is written.
 *
 * <p>Made of a {@link Trainer}, not of {@code MaskedDiffusion.train}: the folder is begun between
 * the trainer's checks and its first step, and the samples are drawn by the trainer's own network.
 *
 * @param kind of data
 * @param config the settings
 * @param folder where everything goes
 * @param terminal where it is watched
 * @param precision what the network computes in
 * @param listeners told about the training besides those the run has itself
 */
record RunTraining(
    RunKind kind,
    RunConfig config,
    RunFolder folder,
    Terminal terminal,
    Precision precision,
    List<TrainingListener> listeners) {
  /** What a run makes of its trained network. */
  interface Results {
    void write(Trainer trainer) throws IOException;
  }

  /**
   * Trains, evaluates and writes.
   *
   * @param arguments the command line, for the record
   * @param from the checkpoint to go on from, or null to start anew
   * @param results written last
   */
  RunReport run(
      List<String> arguments,
      @Nullable Checkpoint from,
      RowSource training,
      RowSource validation,
      Results results)
      throws IOException {
    if (from != null) {
      tellWhatIsLeft(from);
    }
    TrainingRoom.here(config, precision).require(from != null);
    TrainableDenoiser network =
        config.network().create(config.trainer().seed(), ComputeBackend.preferred(precision));
    ResumeHint hint = hint(from == null ? 0 : from.step());
    try (hint;
        Progress progress = Progress.on(terminal, kind);
        MetricsFile metrics = new MetricsFile(folder.metrics());
        CurveFile curve = new CurveFile(folder, kind, terminal);
        Trainer trainer =
            new Trainer(
                network,
                config.objective(),
                training,
                validation,
                config.trainer(),
                with(metrics, curve, progress, hint))) {
      if (from != null) {
        trainer.restore(from);
      }
      Files.createDirectories(folder.path());
      trainer.checkpointTo(folder.checkpoint());
      RunLock lock = RunLock.of(folder);
      try {
        folder.write(config);
        CommandRecord.append(
            folder.command(), arguments, NativeBackend.load(), network.computation());
        TrainingSummary summary = train(trainer, hint);
        results.write(trainer);
        terminal.err().println("everything about this run is in " + folder.path());
        return new RunReport(folder, kind, precision, summary);
      } finally {
        lock.close();
      }
    } catch (TrainingStoppedException e) {
      throw new StoppedException(
          String.format(
              Locale.ROOT,
              "stopped after step %,d of %,d; go on with: %s",
              e.step(),
              config.trainer().steps(),
              hint.command()),
          e);
    }
  }

  /**
   * Says what going on comes to, where that is not just what was left of the run.
   *
   * @throws CommandException if fewer steps are asked for than are done
   */
  private void tellWhatIsLeft(Checkpoint from) {
    int done = from.step();
    int steps = config.trainer().steps();
    if (steps < done) {
      throw new CommandException(
          "--steps (%d) must be at least those the run has done, %d".formatted(steps, done));
    }
    if (steps == done) {
      terminal
          .err()
          .printf(
              Locale.ROOT,
              "the run is finished, all %,d steps are done; to go on: %s --steps %d%n",
              done,
              hint(done).command(),
              Math.min(2L * done, Integer.MAX_VALUE));
    } else if (steps != from.trainer().steps()) {
      terminal
          .err()
          .printf(
              Locale.ROOT,
              "going on from step %,d to %,d: the learning rate is shaped to them, %.2e now in place"
                  + " of %.2e, and ends at %.2e%n",
              done,
              steps,
              config.trainer().learningRateAt(done),
              from.trainer().learningRateAt(done),
              config.trainer().learningRateAt(steps));
    }
  }

  private ResumeHint hint(int saved) {
    return new ResumeHint(folder, kind, precision, terminal.err(), saved);
  }

  private TrainingSummary train(Trainer trainer, ResumeHint hint) {
    StopSignals signals = new StopSignals(terminal, trainer::stop);
    try {
      return trainer.train();
    } catch (UncheckedIOException | CheckpointException e) {
      throw new CommandException(hint.afterFailure(String.valueOf(e.getMessage())), e);
    } finally {
      signals.close();
    }
  }

  /** The sampler of the samples a run ends with. */
  static ReverseSampler sampler(Objective objective, int steps) {
    return new Fit(objective).sampler(TimeGrid.cosine(steps), LogitFilter.none(), ToldTime.OF_STEP);
  }

  private List<TrainingListener> with(TrainingListener... own) {
    return Stream.concat(Stream.of(own), listeners.stream()).toList();
  }
}
