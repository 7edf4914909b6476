package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.md4j.cli.terminal.CountedDenoiser;
import org.md4j.cli.terminal.Terminal;
import org.md4j.cli.train.TrainingCurve;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.diffusion.Fit;
import org.md4j.model.ParallelDenoiser;
import org.md4j.train.Checkpoint;
import org.md4j.train.ScheduleReport;

/**
 * Trains models alike and measures them on common rows.
 *
 * @param runs one a model, at least one, of the same preset and text
 * @param validation what the rows are of
 * @param measured the rows
 * @param precision what networks compute in when they are measured, and in what is still to be
 *     trained
 * @param out gets models.md and models.png
 * @param terminal shows the training; the table is its output
 */
public record ModelStudy(
    List<ModelRun> runs,
    RowSource validation,
    CommonRows measured,
    Precision precision,
    Path out,
    Terminal terminal) {
  /**
   * Trains what is not trained yet, measures and writes.
   *
   * @param arguments the command line, for the record
   */
  public void run(List<String> arguments) throws IOException {
    for (ModelRun run : runs) {
      run.check(validation.sha256());
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
    Map<StudyModel, ModelPlot.Line> lines = new EnumMap<>(StudyModel.class);
    for (ModelRun run : runs) {
      Checkpoint checkpoint = run.finish(arguments, precision, progress);
      rows.add(measure(run, checkpoint));
      lines.put(
          run.model(),
          new ModelPlot.Line(TrainingCurve.read(run.folder().metrics()), run.rowsPerStep()));
    }
    String table =
        new ModelReport(runs.get(0).config().preset(), validation, measured, precision, rows)
            .toMarkdown();
    Files.writeString(out.resolve("models.md"), table);
    ModelPlot.write(lines, out.resolve("models.png"));
    terminal.out().print(table);
    terminal.err().println("table and plot are in " + out);
  }

  private ModelRow measure(ModelRun run, Checkpoint checkpoint) {
    Fit fit = new Fit(checkpoint.averagedObjective());
    double[] bits;
    try (ParallelDenoiser all =
            ParallelDenoiser.onAllCores(
                checkpoint.averagedNetwork(ComputeBackend.preferred(precision)));
        CountedDenoiser denoiser = new CountedDenoiser(all, terminal)) {
      bits = measured.bits(denoiser, fit);
    }
    return new ModelRow(
        run.model(),
        checkpoint.step(),
        (long) checkpoint.step() * run.rowsPerStep(),
        checkpoint.parameters().length(),
        fit.scheduleOfEachToken().map(ScheduleReport::of).orElse(null),
        bits);
  }
}
