package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.TextData;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.NameConverter;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.run.RunSchedule;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.study.SamplingStudy;
import org.md4j.cli.study.StudyCase;
import org.md4j.cli.study.StudyOut;
import org.md4j.cli.study.StudyReport;
import org.md4j.cli.study.StudySampler;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.core.TokenBatch;
import org.md4j.data.TokenSplits;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.diffusion.MaskedDiffusion;
import org.md4j.quality.NgramModel;
import org.md4j.quality.TextQuality;
import org.md4j.schedule.MaskingSchedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the quality of every sampler's texts against what they cost: docs/sampling.md's table.
 */
@Command(
    name = "sampling",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Draw texts with each sampler from a run's EMA weights and judge them by a character model"
          + " (6-grams, Witten-Bell) counted on the training part of a text.",
      "Writes sampling.md, sampling.json, sampling.png and the texts."
    })
public final class StudySamplingCommand implements Callable<Integer> {
  private static final int ROWS_TOGETHER = 16;

  private final Terminal terminal;

  @Parameters(paramLabel = "RUN", description = "The folder of a run, or a checkpoint in it.")
  private Path run = Path.of("");

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "27-symbol text that judges. Default: what the run was trained on.")
  private @Nullable Path data;

  @Mixin private StudyOut out = new StudyOut();

  @Option(
      names = "--rows",
      paramLabel = "TEXTS",
      defaultValue = "64",
      description = "Texts for each row of the table. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      split = ",",
      defaultValue = "8,16,32,64,128,256",
      description = "Numbers of steps. Default: ${DEFAULT-VALUE}.")
  private int[] steps = {};

  @Option(
      names = "--samplers",
      paramLabel = "NAME",
      split = ",",
      converter = StudySamplingCommand.SamplerConverter.class,
      description = "Of ${COMPLETION-CANDIDATES}. Default: all.")
  private StudySampler[] samplers = StudySampler.values();

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides every draw. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  /** Creates the command, to print to a terminal. */
  public StudySamplingCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    requireValid();
    RunFolder folder = RunFolder.of(run).requireRun().requireKind(RunKind.TEXT);
    NativeBackend.requireUsable();
    Precision computed = precision.chosen(terminal);
    try (MaskedDiffusion model =
        MaskedDiffusion.load(folder.checkpoint(), ComputeBackend.preferred(computed))) {
      study(folder, model, computed);
    }
    terminal.err().println("table, plot and texts are in " + out.folder());
    return 0;
  }

  private void study(RunFolder folder, MaskedDiffusion model, Precision computed)
      throws IOException {
    TokenSplits splits = TextData.text(dataFile(folder)).split();
    int length = model.network().length();
    RowSource heldOut = splits.valid().chunks(length);
    if (length < TextQuality.SHORTEST_TEXT) {
      throw new CommandException(
          "length of the run's texts (%d) must be at least %d"
              .formatted(length, TextQuality.SHORTEST_TEXT));
    }
    if (heldOut.size() < rows) {
      throw new CommandException(
          "--rows (%d) must be at most the %d held-out texts of %d characters there are"
              .formatted(rows, heldOut.size(), length));
    }
    NgramModel judge = NgramModel.of(splits.train(), NgramModel.CHARACTERS);
    RowDrawer drawer =
        new RowDrawer(
            model.denoiser(),
            model.network().vocabulary(),
            length,
            model.network().classes(),
            ROWS_TOGETHER);
    SamplingStudy study = new SamplingStudy(drawer, new Text27Tokenizer(), judge, out.folder());
    StudyReport empty =
        new StudyReport(
            run.toString(),
            model.checkpoint().step(),
            splits.train().name(),
            splits.train().sha256(),
            judge.order(),
            splits.train().length(),
            rows,
            length,
            seed,
            FlagNames.spelled(computed),
            study.quality(textsOf(heldOut.spread(rows))),
            List.of());
    StudyReport report =
        study.measure(empty, cases(RunSchedule.common(model.fit())), terminal.err()::println);
    terminal.out().print(report.toMarkdown());
  }

  private static List<int[]> textsOf(RowSource source) {
    TokenBatch all = source.rows(LongStream.range(0, source.size()).toArray()).tokens();
    return IntStream.range(0, all.rows()).mapToObj(all::row).toList();
  }

  private void requireValid() throws IOException {
    if (rows < TextQuality.FEWEST_TEXTS) {
      throw new CommandException(
          "--rows (%d) must be at least %d".formatted(rows, TextQuality.FEWEST_TEXTS));
    }
    for (int count : steps) {
      if (count < 1) {
        throw new CommandException("--steps (" + count + ") must be at least 1");
      }
    }
    out.check();
  }

  private @Nullable Path dataFile(RunFolder folder) throws IOException {
    if (data != null) {
      return data;
    }
    String trainedOn = folder.readConfig(TextRunConfig.class).data();
    return trainedOn == null ? null : Path.of(trainedOn);
  }

  private List<StudyCase> cases(MaskingSchedule schedule) {
    List<Integer> counts = Arrays.stream(steps).boxed().toList();
    return Arrays.stream(samplers)
        .flatMap(sampler -> sampler.cases(schedule, counts).stream())
        .toList();
  }

  static final class SamplerConverter extends NameConverter<StudySampler> {
    SamplerConverter() {
      super(StudySampler.class);
    }
  }
}
