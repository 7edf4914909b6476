package org.md4j.cli.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.ImageSets;
import org.md4j.cli.draw.DenoisingStrips;
import org.md4j.cli.draw.RowDisplay;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunReport;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.Precision;
import org.md4j.core.Vocabulary;
import org.md4j.data.image.ImageGrid;
import org.md4j.diffusion.Fit;
import org.md4j.objective.Objective;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.RowSampling;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.train.Checkpoint;
import org.md4j.train.Trainer;
import org.md4j.train.TrainingListener;

/**
 * One image run from its settings to its samples.
 *
 * @param config the settings
 * @param folder where everything goes
 * @param terminal where it is watched
 * @param precision what the network computes in
 * @param listeners told about the training besides those the run has itself
 */
public record ImageTraining(
    ImageRunConfig config,
    RunFolder folder,
    Terminal terminal,
    Precision precision,
    List<TrainingListener> listeners) {
  /** Cells of samples.png; fewer of large pictures, which take long to draw. */
  private static final int MOST_SAMPLES = 36;

  private static final int LEAST_SAMPLES = 4;
  private static final int TOKENS_OF_SAMPLES = 64_000;
  private static final int COLUMNS = 6;
  private static final int SAMPLE_STEPS = 256;
  private static final int STRIPS = 4;
  private static final int FRAMES = 9;

  /** Creates a training that nobody listens to but the run itself. */
  public ImageTraining(
      ImageRunConfig config, RunFolder folder, Terminal terminal, Precision precision) {
    this(config, folder, terminal, precision, List.of());
  }

  /**
   * Finds the steps that fit in a time on this machine.
   *
   * @param sets the pictures
   */
  public int stepsWithin(TimeBudget budget, ImageSets sets) {
    return budget.steps(config, precision, sets.training(), sets.validation(), terminal);
  }

  /**
   * Trains, evaluates, draws and writes.
   *
   * @param arguments the command line, for the record
   * @param from the checkpoint to go on from, or null to start anew
   * @param sets the pictures; the caller closes them
   */
  public RunReport run(List<String> arguments, @Nullable Checkpoint from, ImageSets sets)
      throws IOException {
    return new RunTraining(RunKind.IMAGE, config, folder, terminal, precision, listeners)
        .run(arguments, from, sets.training(), sets.validation(), this::sample);
  }

  private void sample(Trainer trainer) throws IOException {
    ByProducts byProducts = new ByProducts(terminal);
    Objective objective = trainer.averagedObjective();
    if (new Fit(objective).scheduleOfEachToken().orElse(null)
        instanceof LearnedPolynomialSchedule schedule) {
      byProducts.write(folder.schedule(), file -> SchedulePlot.writeValues(schedule, file));
    }
    int count =
        Math.max(
            LEAST_SAMPLES, Math.min(MOST_SAMPLES, TOKENS_OF_SAMPLES / config.shape().tokens()));
    terminal.err().printf(Locale.ROOT, "%d samples, unmasked in %d steps%n", count, SAMPLE_STEPS);
    Vocabulary vocabulary = config.network().vocabulary();
    DenoisingStrips strips = new DenoisingStrips(vocabulary.maskId(), FRAMES);
    RowSampling sampling =
        new RowSampling(
            RunTraining.sampler(objective, SAMPLE_STEPS),
            vocabulary,
            RowSampling.masks(vocabulary, count, config.shape().tokens()),
            labels(count),
            config.trainer().seed());
    DrawnRows drawn =
        trainer.withAveragedParameters(
            averaged -> sampling.draw(averaged, RowDisplay.ofPictures(terminal, count), strips));
    List<int[]> pictures = drawn.rows().stream().map(DrawnRow::tokens).toList();
    byProducts.write(
        folder.pictures(), file -> new ImageGrid(config.shape(), COLUMNS).write(file, pictures));
    List<int[]> frames = new ArrayList<>();
    drawn.rows().stream().limit(STRIPS).forEach(row -> frames.addAll(strips.of(row)));
    byProducts.write(
        folder.denoising(), file -> new ImageGrid(config.shape(), FRAMES).write(file, frames));
  }

  /** Every class in turn. */
  private List<Integer> labels(int count) {
    int classes = config.network().classes();
    return classes == 0 ? List.of() : IntStream.range(0, count).mapToObj(i -> i % classes).toList();
  }
}
