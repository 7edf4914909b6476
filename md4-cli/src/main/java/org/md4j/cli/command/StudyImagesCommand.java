package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.ComparisonFlags;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.GridConverter;
import org.md4j.cli.option.NameConverter;
import org.md4j.cli.option.NamedGrid;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.quality.PictureComparison;
import org.md4j.cli.run.ImageRunConfig;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunSchedule;
import org.md4j.cli.study.PictureReport;
import org.md4j.cli.study.PictureRule;
import org.md4j.cli.study.PictureStudy;
import org.md4j.cli.study.StudyOut;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.data.image.ImageGrid;
import org.md4j.diffusion.Fit;
import org.md4j.model.ParallelDenoiser;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.train.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures a run's pictures by every grid, unmasking rule and number of steps. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description =
        "Draw pictures from a run's EMA weights by every grid, rule and number of steps, from the"
            + " same random numbers, and compare them with real ones. Writes images.md, images.json,"
            + " images.png and a grid of pictures of each case.")
public final class StudyImagesCommand implements Callable<Integer> {
  private static final int COLUMNS = 8;

  private final Terminal terminal;

  @Parameters(
      paramLabel = "RUN",
      description = "The folder of an image run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Mixin private StudyOut out = new StudyOut();

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      split = ",",
      defaultValue = "16,32,64,128,256",
      description = "Numbers of steps. Default: ${DEFAULT-VALUE}.")
  private int[] steps = {};

  @Option(
      names = "--grids",
      paramLabel = "NAME",
      split = ",",
      converter = GridConverter.class,
      description = "Of ${COMPLETION-CANDIDATES}. Default: all.")
  private NamedGrid[] grids = NamedGrid.values();

  @Option(
      names = "--rules",
      paramLabel = "NAME",
      split = ",",
      converter = StudyImagesCommand.RuleConverter.class,
      description =
          "Of ancestral, euler, tau-leaping, halton (pixels far apart together); the first two are"
              + " the same under the linear schedule. Default: all.")
  private PictureRule[] rules = PictureRule.values();

  @Mixin private ComparisonFlags comparison = new ComparisonFlags();

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  /** Creates the command, to print to a terminal. */
  public StudyImagesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    requireValid();
    RunFolder folder = RunFolder.of(run).requireRun();
    ImageRunConfig config = folder.readConfig(ImageRunConfig.class);
    MaskingSchedule schedule = RunSchedule.common(new Fit(config.objective()));
    NativeBackend.requireUsable();
    Checkpoint checkpoint = Checkpoint.read(folder.checkpoint());
    Precision computed = precision.chosen(terminal);
    try (PictureComparison compared = comparison.open(config, terminal.err());
        ParallelDenoiser denoiser =
            ParallelDenoiser.onAllCores(
                checkpoint.averagedNetwork(ComputeBackend.preferred(computed)))) {
      RowDrawer drawer =
          new RowDrawer(
              denoiser,
              config.network().vocabulary(),
              config.network().length(),
              config.network().classes(),
              QualityCommand.TOGETHER);
      ImageGrid grid = new ImageGrid(config.shape(), COLUMNS);
      PictureStudy study =
          new PictureStudy(
              drawer, compared.judge(), (drawn, png) -> grid.write(png, drawn), out.folder());
      PictureReport report =
          study.measure(
              empty(compared, checkpoint.step(), computed),
              PictureStudy.cases(
                  schedule,
                  config.shape(),
                  List.of(grids),
                  List.of(rules),
                  Arrays.stream(steps).boxed().toList()),
              terminal.err()::println);
      terminal.out().print(report.toMarkdown());
    }
    terminal.err().println("table, plot and pictures are in " + out.folder());
    return 0;
  }

  private void requireValid() throws IOException {
    comparison.check();
    for (int count : steps) {
      if (count < 1) {
        throw new CommandException("--steps (" + count + ") must be at least 1");
      }
    }
    out.check();
  }

  private PictureReport empty(PictureComparison compared, int trainingSteps, Precision computed) {
    return new PictureReport(
        run.toString(),
        trainingSteps,
        compared.sets().training().name(),
        compared.sets().training().sha256(),
        compared.distance(),
        compared.told(),
        compared.judge().reference().count(),
        comparison.count(),
        comparison.seed(),
        FlagNames.spelled(computed),
        compared.heldOut(),
        List.of());
  }

  static final class RuleConverter extends NameConverter<PictureRule> {
    RuleConverter() {
      super(PictureRule.class);
    }
  }
}
