package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.TextData;
import org.md4j.cli.terminal.CountedDenoiser;
import org.md4j.cli.terminal.Terminal;
import org.md4j.cli.train.TrainingCurve;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.diffusion.Fit;
import org.md4j.file.FileReplacement;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.TrainableDenoiser;
import org.md4j.train.Checkpoint;
import org.md4j.train.GradientNoise;
import org.md4j.train.ScheduleReport;

/**
 * Trains models alike and measures them on common rows.
 *
 * @param runs at least one, of the same preset and text; of all models the same seeds, of a seed
 *     MD4 first where gradients are measured
 * @param text what is trained on, and what the rows are of
 * @param measured the rows
 * @param precision what networks compute in when they are measured, and in what is still to be
 *     trained
 * @param gradientBatches batches over which the noise of gradients is measured, at least 2; 0 for
 *     not at all
 * @param out gets models.md and models.png
 * @param terminal shows the training; the table is its output
 */
public record ModelStudy(
    List<ModelRun> runs,
    TextData text,
    CommonRows measured,
    Precision precision,
    int gradientBatches,
    Path out,
    Terminal terminal) {
  /**
   * Trains what is not trained yet, measures and writes.
   *
   * @param arguments the command line, for the record
   */
  public void run(List<String> arguments) throws IOException {
    for (ModelRun run : runs) {
      run.check(text.validation().sha256());
    }
    // Samples are shown with the progress: the output is the table alone.
    Terminal progress =
        new Terminal(
            terminal.err(),
            terminal.err(),
            terminal.liveErr(),
            terminal.liveErr(),
            terminal.columns());
    List<ModelRow> rows = new ArrayList<>();
    Map<StudyModel, List<TrainingCurve>> curves = new EnumMap<>(StudyModel.class);
    Map<StudyModel, ModelPlot.Line> lines = new EnumMap<>(StudyModel.class);
    Map<Long, Checkpoint> references = new HashMap<>();
    for (ModelRun run : runs) {
      Checkpoint checkpoint = run.finish(arguments, precision, progress);
      if (run.model() == StudyModel.MD4) {
        references.put(run.seed(), checkpoint);
      }
      rows.add(measure(run, checkpoint, references.get(run.seed())));
      curves
          .computeIfAbsent(run.model(), model -> new ArrayList<>())
          .add(TrainingCurve.read(run.folder().metrics()));
      lines.put(run.model(), new ModelPlot.Line(curves.get(run.model()), run.rowsPerStep()));
    }
    String table =
        new ModelReport(
                runs.get(0).config().preset(),
                text.validation(),
                measured,
                precision,
                rows,
                gradientBatches)
            .toMarkdown();
    FileReplacement.write(out.resolve("models.md"), table);
    ModelPlot.write(lines, out.resolve("models.png"));
    terminal.out().print(table);
    terminal.err().println("table and plot are in " + out);
  }

  /** Measures a run; the gradient of its objective at the parameters of another. */
  private ModelRow measure(ModelRun run, Checkpoint checkpoint, @Nullable Checkpoint reference) {
    Fit fit = new Fit(checkpoint.averagedObjective());
    double[] bits;
    try (ParallelDenoiser all = ParallelDenoiser.onAllCores(network(checkpoint));
        CountedDenoiser denoiser = new CountedDenoiser(all, terminal)) {
      bits = measured.bits(denoiser, fit);
    }
    return new ModelRow(
        run.model(),
        run.seed(),
        checkpoint.step(),
        (long) checkpoint.step() * run.rowsPerStep(),
        checkpoint.parameters().length(),
        fit.scheduleOfEachToken().map(ScheduleReport::of).orElse(null),
        bits,
        reference == null ? null : gradientNoise(run, reference));
  }

  /** Null where it was not asked for, and for a run of another network. */
  private @Nullable GradientNoise gradientNoise(ModelRun run, Checkpoint reference) {
    return gradientBatches == 0 || !run.config().network().equals(reference.network())
        ? null
        : GradientNoise.measure(
            network(reference),
            run.config().objective(),
            text.training(),
            run.config().trainer(),
            gradientBatches);
  }

  private TrainableDenoiser network(Checkpoint checkpoint) {
    return checkpoint.averagedNetwork(ComputeBackend.preferred(precision));
  }
}
