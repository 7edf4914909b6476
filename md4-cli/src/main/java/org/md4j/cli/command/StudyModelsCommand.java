package org.md4j.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.data.TextData;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.NameConverter;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.PresetConverter;
import org.md4j.cli.option.TextSettings;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.run.TextRunConfig;
import org.md4j.cli.study.CommonRows;
import org.md4j.cli.study.ModelRun;
import org.md4j.cli.study.ModelStudy;
import org.md4j.cli.study.StudyModel;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.train.TextPreset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains every model with the same network, text and steps: docs/results.md's table of models. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Train each model as 'train text --model' would, in a folder of its own, and measure all on"
          + " the"
          + " same held-out rows. genmd4, which has two masks a row, is also trained for half the steps"
          + " (genmd4-half) and with one mask a row (genmd4-single), where it costs what the others do.",
      "To tell causes apart: genmd4-frozen, whose schedule stays md4's; md4-flat, without the bound's"
          + " weights; md4-power, at times of power:1; md4-counts, by numbers of masks; md4-pairs, with"
          + " complementary masks; md4-discrete, d3pm without cross-entropy.",
      "Writes models.md and models.png. A command that was stopped can be given again: runs that"
          + " are"
          + " finished are only measured, others go on from their last checkpoint, in --precision whatever"
          + " they were trained in before."
    })
public final class StudyModelsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "The text, as for 'train text'. Default: the novels that come with md4.")
  private @Nullable Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "Gets the results and a run folder a model; may hold such runs.")
  private Path out = Path.of("");

  @Option(
      names = "--models",
      paramLabel = "NAME",
      split = ",",
      converter = StudyModelsCommand.ModelConverter.class,
      defaultValue = "md4,genmd4,genmd4-half,genmd4-single,sedd,d3pm,ar",
      description = "Which models. Default: ${DEFAULT-VALUE}.")
  private StudyModel[] models = {};

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      converter = PresetConverter.OfText.class,
      defaultValue = "mini",
      description = "Network and settings. Default: ${DEFAULT-VALUE}.")
  private TextPreset preset = TextPreset.MINI;

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      defaultValue = "2000",
      description = "Training steps of each model. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--rows",
      paramLabel = "ROWS",
      defaultValue = "1024",
      description = "Validation rows to measure on, a multiple of 16. Default: ${DEFAULT-VALUE}.")
  private int rows;

  @Option(
      names = "--draws",
      paramLabel = "COUNT",
      defaultValue = "4",
      description = "Noise levels of each of these rows. Default: ${DEFAULT-VALUE}.")
  private int draws;

  @Option(
      names = "--seeds",
      paramLabel = "NUMBER",
      split = ",",
      description =
          "Each decides every random number of a run; the first chooses the rows, too. Default: the"
              + " preset's.")
  private @Nullable List<Long> seeds;

  @Option(
      names = "--paper-noise",
      description =
          "Train with uniform times, the bound's weights and no mask counts, as the paper does,"
              + " whatever the preset has. Default: off.")
  private boolean paperNoise;

  @Option(
      names = "--gradients",
      paramLabel = "BATCHES",
      defaultValue = "0",
      description =
          "Also measure over so many batches how noisy the gradient of each model is at the"
              + " parameters of md4, which must be the first of --models. Default: 0, not at all.")
  private int gradientBatches;

  @Mixin private PrecisionFlag precision = PrecisionFlag.forLikelihoods();

  /** Creates the command, to print to a terminal. */
  public StudyModelsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    if (draws < 1) {
      throw new CommandException("--draws (" + draws + ") must be at least 1");
    }
    if (gradientBatches != 0 && gradientBatches < 2) {
      throw new CommandException(
          "--gradients (" + gradientBatches + ") must be 0, or at least 2 batches");
    }
    if (gradientBatches != 0 && models[0] != StudyModel.MD4) {
      throw new CommandException(
          "--gradients needs md4 as the first of --models: it measures at md4's parameters");
    }
    new RunFolder(out).requireWritable();
    List<ModelRun> runs = runs();
    NativeBackend.requireUsable();
    TextRunConfig first = runs.get(0).config();
    TextData text = TextData.load(data, first.network().length());
    CommonRows measured =
        new FlagNames(Map.of("rows", "--rows"))
            .check(() -> new CommonRows(text.validation(), rows, draws, first.trainer().seed()));
    new ModelStudy(runs, text, measured, precision.chosen(terminal), gradientBatches, out, terminal)
        .run(Objects.requireNonNull(spec).commandLine().getParseResult().originalArgs());
    return 0;
  }

  /** A run for each seed and model, each once, seed by seed. */
  public List<ModelRun> runs() {
    List<Long> chosen = seeds == null ? List.of(preset.trainer().seed()) : seeds;
    List<ModelRun> runs = new ArrayList<>();
    for (long seed : chosen.stream().distinct().toList()) {
      for (StudyModel model : Arrays.stream(models).distinct().toList()) {
        if (steps % model.stepsDivisor() != 0) {
          throw new CommandException("--steps (%d) must be even for %s".formatted(steps, model));
        }
        RunFolder folder = new RunFolder(out.resolve("%s-seed%d".formatted(model, seed)));
        runs.add(new ModelRun(model, folder, config(model, seed)));
      }
    }
    return runs;
  }

  /**
   * What {@code train text} would make of these options: the runs are then equal to the bit in
   * equal precision.
   */
  private TextRunConfig config(StudyModel model, long seed) {
    List<String> arguments = new ArrayList<>(model.arguments());
    arguments.add("--preset=" + preset.name());
    arguments.add("--steps=" + steps / model.stepsDivisor());
    arguments.add("--seed=" + seed);
    if (paperNoise) {
      arguments.addAll(model.paperNoise());
    }
    return CommandLine.populateCommand(new TextSettings(), arguments.toArray(String[]::new))
        .config(data);
  }

  static final class ModelConverter extends NameConverter<StudyModel> {
    ModelConverter() {
      super(StudyModel.class);
    }
  }
}
