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
import org.md4j.quality.KnownWords;
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
  private static final double PERCENT = 100;
  private static final KnownWords.Share NO_WORDS = new KnownWords.Share(0, 0);

  /** Creates a training that nobody listens to but the run itself. */
  public TextTraining(
      TextRunConfig config, RunFolder folder, Terminal terminal, Precision precision) {
    this(config, folder, terminal, precision, List.of());
  }

  /** Finds the steps that fit in a time on this machine. */
  public int stepsWithin(TimeBudget budget) {
    TextData data = data();
    return budget.steps(config, precision, data.training(), data.validation(), terminal);
  }

  private TextData data() {
    Path file = config.data() == null ? null : Path.of(config.data());
    return TextData.load(file, config.network().length());
  }

  /**
   * Trains, evaluates, draws and writes.
   *
   * @param arguments the command line, for the record
   * @param from the checkpoint to go on from, or null to start anew
   */
  public RunReport run(List<String> arguments, @Nullable Checkpoint from) throws IOException {
    TextData data = data();
    return new RunTraining(RunKind.TEXT, config, folder, terminal, precision, listeners)
        .run(
            arguments,
            from,
            data.training(),
            data.validation(),
            trainer -> {
              drawSchedule(trainer.averagedObjective(), data);
              sample(trainer, data);
            });
  }

  private void drawSchedule(Objective averaged, TextData data) throws IOException {
    if (new Fit(averaged).scheduleOfEachToken().orElse(null)
        instanceof LearnedPolynomialSchedule schedule) {
      SchedulePlot.write(schedule, data.frequencies(), TOKENIZER, folder.schedule());
    }
  }

  private void sample(Trainer trainer, TextData data) throws IOException {
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
    List<String> samples = drawn.decoded(TOKENIZER::decode);
    Files.write(folder.samples(), samples);
    tellKnownWords(samples, data);
  }

  /** Says nothing where there is no word between two blanks. */
  private void tellKnownWords(List<String> samples, TextData data) {
    KnownWords known = data.knownWords(TOKENIZER);
    KnownWords.Share sampled =
        samples.stream().map(known::share).reduce(NO_WORDS, KnownWords.Share::plus);
    KnownWords.Share heldOut = data.heldOutShare(known, TOKENIZER);
    if (sampled.words() == 0 || heldOut.words() == 0) {
      return;
    }
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "%d of %d sampled words occur in the training text (%.0f %%; of held-out text %.0f %%)%n",
            sampled.known(),
            sampled.words(),
            PERCENT * sampled.value(),
            PERCENT * heldOut.value());
  }
}
