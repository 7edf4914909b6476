package org.md4j.cli.draw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.option.ClassFlags;
import org.md4j.cli.option.DrawingFlags;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.SamplingFlags;
import org.md4j.cli.page.SamplingReport;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.Vocabulary;
import org.md4j.data.image.ImageFile;
import org.md4j.data.image.ImageGrid;
import org.md4j.diffusion.Fit;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.file.FileReplacement;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.RowObserver;
import org.md4j.sampling.RowSampling;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingTrace;

/**
 * Draws pictures from the EMA weights of a run and sends them where they are wanted.
 *
 * @param folder of the run
 * @param sampling the sampler
 * @param precision what the network computes in
 * @param drawing what is to become of the pictures
 * @param classes what they are to show
 * @param terminal where it is told
 */
public record ImageDrawing(
    RunFolder folder,
    SamplingFlags sampling,
    PrecisionFlag precision,
    DrawingFlags drawing,
    ClassFlags classes,
    Terminal terminal) {
  /** Filled pictures in a row of the grid of an infilling, after what was given. */
  private static final int FILLED_IN_A_ROW = 4;

  /**
   * Draws from nothing but masks and writes a grid, and every picture by itself if asked.
   *
   * @param columns of the grid
   * @param each a new folder, or null
   */
  public void sample(int columns, @Nullable Path each) throws IOException {
    sampling.check();
    ImageRunConfig config = folder.requireRun().readConfig(ImageRunConfig.class);
    check(config);
    Vocabulary vocabulary = config.network().vocabulary();
    int count = drawing.count(RunKind.IMAGE);
    Result result =
        draw(config, RowSampling.masks(vocabulary, count, config.shape().tokens()), "samples");
    List<int[]> drawn = result.pictures();
    write(config, drawn, columns, result);
    if (each != null) {
      Files.createDirectory(each);
      ImageFile.writeAll(each, config.shape(), drawn);
    }
  }

  /** Fills in a picture and writes a grid, every row of which begins with what was given. */
  public void infill(InfillPictures pictures) throws IOException {
    sampling.check();
    pictures.check();
    ImageRunConfig config = folder.requireRun().readConfig(ImageRunConfig.class);
    check(config);
    int[] given = pictures.given(config);
    int[] masked = pictures.masked(config, given, terminal.err()::println);
    int count = drawing.count(RunKind.IMAGE);
    Result result = draw(config, Collections.nCopies(count, masked), "infill");
    List<int[]> grid = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i % FILLED_IN_A_ROW == 0) {
        grid.add(given);
        grid.add(masked);
      }
      grid.add(result.pictures().get(i));
    }
    write(config, grid, 2 + FILLED_IN_A_ROW, result);
  }

  private void check(ImageRunConfig config) {
    drawing.check(RunKind.IMAGE, config.shape().tokens());
    if (drawing.out() == null) {
      folder.requireWritable();
    }
  }

  /** What was drawn, and where it goes. */
  private record Result(
      DrawnRows drawn, SamplingTrace trace, Fit fit, Precision precision, Path out) {
    List<int[]> pictures() {
      return drawn.rows().stream().map(DrawnRow::tokens).toList();
    }
  }

  private Result draw(ImageRunConfig config, List<int[]> starts, String name) throws IOException {
    int known = config.network().classes();
    List<Integer> labels = classes.labels(starts.size(), known, config.classNames());
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    try (MaskedDiffusion model =
        MaskedDiffusion.load(folder.checkpoint(), ComputeBackend.preferred(computed))) {
      RowSampling rows =
          new RowSampling(
              sampling.sampler(model.fit(), config.shape()),
              config.network().vocabulary(),
              starts,
              labels,
              drawing.seed());
      RowObserver display =
          drawing.quiet() ? RowObserver.none() : RowDisplay.ofPictures(terminal, starts.size());
      SamplingTrace trace = new SamplingTrace();
      DrawnRows drawn =
          rows.draw(
              classes.guided(model.denoiser(), known),
              display,
              drawing.report() == null ? SamplingListener.none() : trace);
      LocalDateTime now = LocalDateTime.now(ZoneId.systemDefault());
      return new Result(
          drawn,
          trace,
          model.fit(),
          computed,
          Objects.requireNonNullElseGet(drawing.out(), () -> folder.newPictures(name, now)));
    }
  }

  private void write(ImageRunConfig config, List<int[]> grid, int columns, Result result)
      throws IOException {
    new ImageGrid(config.shape(), columns).write(result.out(), grid);
    SamplingSummary summary =
        new SamplingSummary(
            folder.path(),
            RunKind.IMAGE,
            result.fit(),
            sampling,
            result.precision(),
            drawing,
            result.drawn().cost());
    if (drawing.report() != null) {
      FileReplacement.writeOut(drawing.report(), List.of(report(config, summary, result).toHtml()));
    }
    if (!drawing.quiet()) {
      terminal.err().println(summary.accounting());
      terminal.err().println("the pictures are in " + result.out());
    }
    if (drawing.quiet() && !drawing.json()) {
      terminal.out().println(result.out());
    }
    if (drawing.json()) {
      terminal.out().println(summary.toJson(Map.of("pictures", result.out().toString())));
    }
  }

  private SamplingReport report(ImageRunConfig config, SamplingSummary summary, Result result) {
    List<DrawnRow> rows = result.drawn().rows();
    SamplingReport report =
        SamplingReport.ofPictures(
            "%d pictures of %s from %s".formatted(rows.size(), config.shape(), folder.path()),
            config.shape(),
            summary.protocol());
    int number = 1;
    for (DrawnRow picture : rows) {
      report.add("Picture " + number++, picture.start(), result.trace(), picture.example());
    }
    return report;
  }
}
