package org.md4j.cli.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.TextData;
import org.md4j.cli.draw.RowDisplay;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.Precision;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.diffusion.Fit;
import org.md4j.objective.Objective;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.RowObserver;
import org.md4j.sampling.RowSampling;
import org.md4j.sampling.SamplingListener;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.train.Checkpoint;
import org.md4j.train.Trainer;
import org.md4j.train.TrainingListener;

/**
 * One text run from its settings to its samples.
 *
 * @param config the settings
 * @param folder where everything goes
 * @param terminal where it is watched
 * @param precision what the network computes in
 * @param listeners told about the training besides those the run has itself
 */
public record TextTraining(
    TextRunConfig config,
    RunFolder folder,
    Terminal terminal,
    Precision precision,
    List<TrainingListener> listeners) {
  private static final Tokenizer TOKENIZER = new Text27Tokenizer();
  private static final int SAMPLES = 3;
  private static final int SAMPLE_LENGTH = 256;
  private static final int SAMPLE_STEPS = 256;

  /** Creates a training that nobody listens to but the run itself. */
  public TextTraining(
      TextRunConfig config, RunFolder folder, Terminal terminal, Precision precision) {
    this(config, folder, terminal, precision, List.of());
  }

  /**
   * Trains, evaluates, draws and writes.
   *
   * @param arguments the command line, for the record
   * @param from the checkpoint to go on from, or null to start anew
   */
  public RunReport run(List<String> arguments, @Nullable Checkpoint from) throws IOException {
    Path file = config.data() == null ? null : Path.of(config.data());
    TextData data = TextData.load(file, config.network().length());
    return new RunTraining(RunKind.TEXT, config, folder, terminal, precision, listeners)
        .run(
            arguments,
            from,
            data.training(),
            data.validation(),
            trainer -> {
              drawSchedule(trainer.averagedObjective(), data);
              sample(trainer);
            });
  }

  private void drawSchedule(Objective averaged, TextData data) throws IOException {
    if (new Fit(averaged).scheduleOfEachToken().orElse(null)
        instanceof LearnedPolynomialSchedule schedule) {
      SchedulePlot.write(schedule, data.frequencies(), TOKENIZER, folder.schedule());
    }
  }

  private void sample(Trainer trainer) throws IOException {
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "%d samples of %d characters, unmasked in %d steps:%n%n",
            SAMPLES,
            SAMPLE_LENGTH,
            SAMPLE_STEPS);
    RowSampling sampling =
        new RowSampling(
            RunTraining.sampler(trainer.averagedObjective(), SAMPLE_STEPS),
            TOKENIZER.vocabulary(),
            RowSampling.masks(TOKENIZER.vocabulary(), SAMPLES, SAMPLE_LENGTH),
            config.trainer().seed());
    RowObserver display = RowDisplay.ofText(terminal, TOKENIZER);
    DrawnRows drawn =
        trainer.withAveragedParameters(
            averaged -> sampling.draw(averaged, display, SamplingListener.none()));
    Files.write(folder.samples(), drawn.decoded(TOKENIZER::decode));
  }
}
