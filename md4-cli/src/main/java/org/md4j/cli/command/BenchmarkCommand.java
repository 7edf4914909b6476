package org.md4j.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.machine.NativeBackend;
import org.md4j.cli.machine.ProcessMemory;
import org.md4j.cli.machine.Versions;
import org.md4j.cli.option.BenchmarkPreset;
import org.md4j.cli.option.FlagNames;
import org.md4j.cli.option.PrecisionFlag;
import org.md4j.cli.option.PresetConverter;
import org.md4j.cli.option.TextSettings;
import org.md4j.cli.option.TrainingFlags;
import org.md4j.cli.terminal.CommandException;
import org.md4j.cli.terminal.Terminal;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.DenoiserInput;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.diffusion.Model;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.train.StepReport;
import org.md4j.train.Trainer;
import org.md4j.train.TrainerConfig;
import org.md4j.train.TrainingListener;
import org.md4j.train.TrainingMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Times training steps and forward passes of a preset, in the format of the peers it is compared
 * with. A number means something only beside a peer's from the same sitting.
 */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    description = {
      "Time training steps and forward passes of a preset on random starts, and say what memory"
          + " a replica of the network holds beside its parameters, all arrays of the training, and the"
          + " process at its largest.",
      "The first two of each are not counted."
    })
public final class BenchmarkCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  private final Terminal terminal;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "mini",
      converter = PresetConverter.OfBoth.class,
      description =
          "Network and batch, of text or images: a preset of train, or peer-text, peer-words,"
              + " peer-images28, peer-images64, the shapes of benchmarks/peers. Default: ${DEFAULT-VALUE}.")
  private BenchmarkPreset preset = BenchmarkPreset.ALL.get(0);

  @Option(
      names = "--model",
      paramLabel = "NAME",
      defaultValue = "md4",
      converter = TextSettings.ModelConverter.class,
      description = "What the network is trained as. Default: ${DEFAULT-VALUE}.")
  private Model model = Model.MD4;

  @Option(
      names = "--mask-samples",
      paramLabel = "NAME",
      converter = TrainingFlags.MaskSamplesConverter.class,
      description = "genmd4 only. Masks of a row: pair, pair-in-turn or single. Default: pair.")
  private @Nullable MaskSamples maskSamples;

  @Option(
      names = "--steps",
      paramLabel = "COUNT",
      defaultValue = "12",
      description = "Training steps and forward passes timed. Default: ${DEFAULT-VALUE}.")
  private int steps;

  @Option(
      names = "--warm-up",
      paramLabel = "COUNT",
      defaultValue = "2",
      description =
          "Training steps and forward passes before those, for the compiler to settle."
              + " Default: ${DEFAULT-VALUE}.")
  private int warmUp;

  @Option(
      names = "--rows",
      paramLabel = "COUNT",
      description = "Rows a step, all at once. Default: the preset's, in its micro-batches.")
  private @Nullable Integer rows;

  @Mixin private PrecisionFlag precision = PrecisionFlag.fastest();

  @Option(names = "--json", description = "Print one line of JSON in place of the table.")
  private boolean json;

  /** Creates the command, to print to a terminal. */
  public BenchmarkCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    NativeBackend.requireUsable();
    if (steps < 1) {
      throw new CommandException("--steps (" + steps + ") must be at least 1");
    }
    if (warmUp < 1) {
      throw new CommandException("--warm-up (" + warmUp + ") must be at least 1");
    }
    if (maskSamples != null && model != Model.GENMD4) {
      throw new CommandException("--mask-samples is of no use to --model " + model);
    }
    if (rows != null && rows < 1) {
      throw new CommandException("--rows (" + rows + ") must be at least 1");
    }
    BenchmarkPreset timed = preset.as(model);
    TrainerConfig settings =
        rows == null
            ? timed.trainer()
            : timed.trainer().toBuilder().accumulation(1).batchSize(rows).build();
    int batch = settings.batchSize();
    int forwardRows = (batch + settings.accumulation() - 1) / settings.accumulation();
    int length = timed.network().length();
    double[] training = new double[steps + warmUp];
    TrainingListener stopwatch =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            training[report.step() - 1] = report.seconds();
          }
        };
    Precision computed = precision.chosen(terminal);
    GraphDenoiser network = timed.create(ComputeBackend.preferred(computed));
    RowSource examples = timed.examples();
    Objective objective = model.objective(timed.network().vocabulary(), maskSamples);
    TrainerConfig trained =
        settings.toBuilder()
            .steps(training.length)
            .optimizer(adamW -> adamW.warmupSteps(1))
            .evaluation(evaluation -> evaluation.every(0).rows(forwardRows))
            .replicas(
                settings.replicas() > 0
                    ? settings.replicas()
                    : Math.min(ReplicaPool.defaultSize(), forwardRows))
            .build();
    try (Trainer trainer =
        new Trainer(network, objective, examples, examples, trained, List.of(stopwatch))) {
      trainer.train();
      Timing step = timing(training, batch * length);
      Timing pass = timing(forward(trainer, timed.network(), forwardRows), forwardRows * length);
      Optional<TrainingMemory> counted =
          TrainingMemory.of(timed.network(), objective, trained, computed);
      show(timed, network, computed, step, pass, counted.orElseThrow());
    }
    return 0;
  }

  /** Seconds of what was repeated, without the warm-up. */
  private record Timing(double median, double min, double tokensPerSecond) {}

  private Timing timing(double[] seconds, int tokens) {
    double[] counted = Arrays.copyOfRange(seconds, warmUp, seconds.length);
    Arrays.sort(counted);
    double median = (counted[(counted.length - 1) / 2] + counted[counted.length / 2]) / 2;
    return new Timing(median, counted[0], tokens / median);
  }

  private void show(
      BenchmarkPreset timed,
      GraphDenoiser network,
      Precision computed,
      Timing step,
      Timing pass,
      TrainingMemory counted) {
    double arrays = counted.bytes() / MEGABYTE;
    Double peak = ProcessMemory.peakResidentMegabytes();
    double activations = network.activationBytes() / MEGABYTE;
    double parameters = network.parameters().length() * Float.BYTES / MEGABYTE;
    if (json) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("preset", timed.name()).put("model", model.toString());
      line.put("precision", FlagNames.spelled(computed));
      line.put("computation", network.computation());
      line.put("train_step_s", step.median()).put("train_step_min_s", step.min());
      line.put("forward_s", pass.median()).put("forward_min_s", pass.min());
      line.put("activations_mb", activations).put("parameters_mb", parameters);
      line.put("arrays_mb", arrays).put("peak_resident_mb", peak);
      terminal.out().println(line);
      return;
    }
    print("train_step_s", step);
    print("forward_s", pass);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "activations_mb\t%.0f\ta replica\tparameters_mb\t%.0f%n",
            activations,
            parameters);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "arrays_mb\t%.0f\tcounted beforehand\tpeak_resident_mb\t%s%n",
            arrays,
            peak == null ? "unknown" : Math.round(peak));
  }

  private double[] forward(Trainer trainer, NetworkConfig network, int rows) {
    TokenBatch masks = TokenBatch.allMasked(network.vocabulary(), rows, network.length());
    double[] times = new double[rows];
    Arrays.fill(times, 1);
    int[] labels = new int[network.classes() > 0 ? rows : 0];
    int[] positions = IntStream.range(0, rows * network.length()).toArray();
    DenoiserInput everywhere =
        new DenoiserInput(Rows.of(masks).withLabels(labels), times, positions);
    return trainer.withAveragedParameters(
        denoiser -> {
          double[] seconds = new double[steps + warmUp];
          for (int i = 0; i < seconds.length; i++) {
            long start = System.nanoTime();
            denoiser.logits(everywhere);
            seconds[i] = (System.nanoTime() - start) * 1e-9;
          }
          return seconds;
        });
  }

  private void print(String what, Timing timing) {
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%s\t%.4f\tmin\t%.4f\ttokens_per_s\t%.0f%n",
            what,
            timing.median(),
            timing.min(),
            timing.tokensPerSecond());
  }
}
