package org.md4j.cli.train;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.TextData;
import org.md4j.cli.draw.RowDisplay;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.run.RunTokenizer;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.Precision;
import org.md4j.data.Tokenizer;
import org.md4j.diffusion.Fit;
import org.md4j.file.FileReplacement;
import org.md4j.file.OneLine;
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
 * @param tokenizer of the text
 * @param folder where everything goes
 * @param terminal where it is watched
 * @param precision what the network computes in
 * @param listeners told about the training besides those the run has itself
 */
public record TextTraining(
    TextRunConfig config,
    RunTokenizer tokenizer,
    RunFolder folder,
    Terminal terminal,
    Precision precision,
    List<TrainingListener> listeners) {
  private static final int SAMPLES = 3;
  private static final int SAMPLE_LENGTH = 256;
  private static final int SAMPLE_STEPS = 256;
  private static final double PERCENT = 100;
  private static final KnownWords.Share NO_WORDS = new KnownWords.Share(0, 0);

  /** Creates a training on 27 symbols that nobody listens to but the run itself. */
  public TextTraining(
      TextRunConfig config, RunFolder folder, Terminal terminal, Precision precision) {
    this(config, RunTokenizer.OF_SYMBOLS, folder, terminal, precision, List.of());
  }

  /** Finds the steps that fit in a time on this machine. */
  public int stepsWithin(TimeBudget budget) {
    TextData data = TextData.load(config);
    return budget.steps(config, precision, data.training(), data.validation(), terminal);
  }

  /**
   * Trains, evaluates, draws and writes.
   *
   * @param arguments the command line, for the record
   * @param from the checkpoint to go on from, or null to start anew
   */
  public RunReport run(List<String> arguments, @Nullable Checkpoint from) throws IOException {
    TextData data = TextData.load(config);
    return new RunTraining(config.kind(), config, folder, terminal, precision, listeners)
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
      new ByProducts(terminal)
          .write(
              folder.schedule(),
              file ->
                  SchedulePlot.write(schedule, data.frequencies(), tokenizer.tokenizer(), file));
    }
  }

  private void sample(Trainer trainer, TextData data) throws IOException {
    Tokenizer words = tokenizer.tokenizer();
    int length = config.kind() == RunKind.TEXT ? SAMPLE_LENGTH : config.network().length();
    terminal
        .err()
        .printf(
            Locale.ROOT,
            "%d samples of %d %s, unmasked in %d steps:%n%n",
            SAMPLES,
            length,
            config.kind().tokens(),
            SAMPLE_STEPS);
    RowSampling sampling =
        new RowSampling(
            RunTraining.sampler(trainer.averagedObjective(), SAMPLE_STEPS),
            words.vocabulary(),
            RowSampling.masks(words.vocabulary(), SAMPLES, length),
            config.trainer().seed());
    RowObserver display = RowDisplay.ofText(terminal, words);
    DrawnRows drawn =
        trainer.withAveragedParameters(
            averaged -> sampling.draw(averaged, display, SamplingListener.none()));
    List<String> samples = drawn.decoded(words::decode);
    new ByProducts(terminal)
        .write(
            folder.samples(),
            file -> FileReplacement.writeOut(file, samples.stream().map(OneLine::of).toList()));
    tellKnownWords(samples, data);
  }

  /** Says nothing where there is no word between two blanks. */
  private void tellKnownWords(List<String> samples, TextData data) {
    KnownWords known = data.knownWords(tokenizer.tokenizer());
    KnownWords.Share sampled =
        samples.stream()
            .map(text -> known.share(TextData.words(tokenizer.tokenizer(), text)))
            .reduce(NO_WORDS, KnownWords.Share::plus);
    KnownWords.Share heldOut = data.heldOutShare(known, tokenizer.tokenizer());
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
