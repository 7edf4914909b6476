package org.md4j.cli.option;

import static java.util.Objects.requireNonNullElse;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.terminal.CommandException;
import org.md4j.diffusion.Model;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.MaskSamples;
import org.md4j.train.EvaluationConfig;
import org.md4j.train.LearnedScheduleConfig;
import org.md4j.train.OptimizerConfig;
import org.md4j.train.RateShape;
import org.md4j.train.RowChoice;
import org.md4j.train.TrainerConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that change how a preset is trained, whatever it learns. */
public final class TrainingFlags {
  /** Reads a number of mask samples by its name. */
  public static final class MaskSamplesConverter extends NameConverter<MaskSamples> {
    MaskSamplesConverter() {
      super(MaskSamples.class);
    }
  }

  /** Reads a shape of the learning rate by its name. */
  static final class RateShapeConverter extends NameConverter<RateShape> {
    RateShapeConverter() {
      super(RateShape.class);
    }
  }

  static final String STEPS = "--steps";

  private static final int STEPS_PER_WARMUP_STEP = 10;

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("steps", STEPS),
          Map.entry("batchSize", "--batch"),
          Map.entry("learningRate", "--learning-rate"),
          Map.entry("warmupSteps", "--warmup"),
          Map.entry("emaRate", "--ema"),
          Map.entry("learningRateMultiplier", "--schedule-rate"),
          Map.entry("weight", "--weight"),
          Map.entry("maskSamples", "--mask-samples"),
          Map.entry("maskCounts", "--mask-counts"),
          Map.entry("evaluation.every", "--eval-every"),
          Map.entry("evaluation.rows", "--eval-rows"),
          Map.entry("checkpoints.minutes", CheckpointFlags.EVERY),
          Map.entry("checkpoints.keep", CheckpointFlags.KEEP),
          Map.entry("muon.learningRate", "--muon"));

  @Option(
      names = "--mask-samples",
      paramLabel = "NAME",
      converter = MaskSamplesConverter.class,
      description =
          "genmd4 only. Masks of a row, which the gradient of its schedule compares: pair, two in one"
              + " pass of"
              + " twice the rows; pair-in-turn, in two passes; single, one, compared with earlier steps."
              + " Default: pair.")
  private @Nullable MaskSamples maskSamples;

  @Option(
      names = "--schedule-rate",
      paramLabel = "FACTOR",
      description =
          "genmd4 only. Learning rate of the schedule in that of the network. Default: 1.")
  private @Nullable Double scheduleRate;

  @Option(
      names = "--schedule-decay",
      description =
          "genmd4 only. Let weight decay take the schedule, too, as the reference does. Default:"
              + " off.")
  private boolean scheduleDecay;

  @Option(
      names = "--schedule-frozen",
      description =
          "genmd4 only. Leave the schedule as it starts, linear for every symbol. Default: off.")
  private boolean scheduleFrozen;

  @Option(
      names = STEPS,
      paramLabel = "COUNT",
      description = "Training steps. ${bundle:default.steps}")
  private @Nullable Integer steps;

  @Option(
      names = "--minutes",
      paramLabel = "NUMBER",
      description =
          "Train for as many steps as fit in this time at the speed of this machine, with the"
              + " learning rate shaped to them, in place of --steps; a tenth of it is spent on"
              + " finding that out. Default: none.")
  private @Nullable Double minutes;

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "Rows a step. ${bundle:default.batch}")
  private @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "The largest learning rate of AdamW. ${bundle:default.learning-rate}")
  private @Nullable Double learningRate;

  @Option(
      names = "--warmup",
      paramLabel = "STEPS",
      description =
          "Steps until the learning rate is at its largest. ${bundle:default.warmup} Never by"
              + " default more than a tenth of --steps.")
  private @Nullable Integer warmup;

  @Option(
      names = "--rate-shape",
      paramLabel = "NAME",
      converter = RateShapeConverter.class,
      description =
          "How learning rates fall after the warm-up: cosine, half of one; linear, a line to zero;"
              + " warmup-stable-decay, constant, then a line over the last fifth."
              + " ${bundle:default.rate-shape}")
  private @Nullable RateShape rateShape;

  @Option(
      names = "--muon",
      paramLabel = "RATE",
      description =
          "Update matrices of blocks and convolutions by Muon with this learning rate, all else by"
              + " AdamW; 0 for AdamW alone. ${bundle:default.muon}")
  private @Nullable Double muon;

  @Option(
      names = "--ema",
      paramLabel = "RATE",
      description =
          "Share of the old average in the new, a step, of the weights that are evaluated."
              + " ${bundle:default.ema}")
  private @Nullable Double ema;

  @Option(
      names = "--eval-every",
      paramLabel = "STEPS",
      description = "Steps between evaluations; 0 for one at the end. ${bundle:default.eval-every}")
  private @Nullable Integer evalEvery;

  @Option(
      names = "--eval-rows",
      paramLabel = "ROWS",
      description = "Validation rows an evaluation uses; 0 for all. ${bundle:default.eval-rows}")
  private @Nullable Integer evalRows;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      description = "Decides every random number of the run. ${bundle:default.seed}")
  private @Nullable Long seed;

  @Option(
      names = "--epochs",
      negatable = true,
      description =
          "See every row once, in a random order, before any again; else each row is drawn from all."
              + " ${bundle:default.epochs}")
  private @Nullable Boolean epochs;

  @Mixin private CheckpointFlags checkpoints = new CheckpointFlags();

  @Mixin private NoiseFlags noise = new NoiseFlags();

  /**
   * The minutes the run is to take, if that was asked for.
   *
   * @throws CommandException if steps were asked for, too
   */
  Optional<Double> minutes() {
    if (minutes != null && steps != null) {
      throw new CommandException("--minutes and --steps cannot both be given");
    }
    return Optional.ofNullable(minutes);
  }

  /** The names of these options and some more. */
  static FlagNames names(Map<String, String> more) {
    Map<String, String> names = new HashMap<>(NAMES);
    names.putAll(more);
    return new FlagNames(Map.copyOf(names));
  }

  /** Masks of a training row; null where the model leaves no choice. */
  @Nullable MaskSamples maskSamples(Model model) {
    return model == Model.GENMD4 ? requireNonNullElse(maskSamples, MaskSamples.PAIR) : null;
  }

  /**
   * A preset's settings with what was asked to be changed.
   *
   * @throws CommandException if an option is of no use to the model
   */
  TrainerConfig trainer(TrainerConfig preset, Model model) {
    if (model == Model.AR && noise.isAsked()) {
      throw new CommandException(
          "--times, --weight, --pairs and --mask-counts are of no use to --model ar: it has no noise");
    }
    TrainerConfig base = model.trainer(preset);
    requireLearnedScheduleFor("--mask-samples", maskSamples != null, model);
    requireLearnedScheduleFor("--schedule-rate", scheduleRate != null, model);
    requireLearnedScheduleFor("--schedule-decay", scheduleDecay, model);
    requireLearnedScheduleFor("--schedule-frozen", scheduleFrozen, model);
    int runSteps = requireNonNullElse(steps, base.steps());
    int rows = requireNonNullElse(batch, base.batchSize());
    return base.toBuilder()
        .steps(runSteps)
        .batchSize(rows)
        .accumulation(microBatches(rows, base.microBatchRows()))
        .optimizer(adamW -> optimizer(adamW, base.optimizer(), runSteps))
        .schedule(schedule -> schedule(schedule, base.schedule()))
        .noise(noise::noise)
        .rowChoice(rowChoice(base.rowChoice()))
        .evaluation(evaluation -> evaluation(evaluation, base.evaluation()))
        .checkpoints(checkpoints::change)
        .seed(requireNonNullElse(seed, base.seed()))
        .replicas(replicas(rows, base.microBatchRows()))
        .build();
  }

  /** The settings of a run that goes on, with what may be changed of them. */
  TrainerConfig resumed(TrainerConfig own) {
    return own.toBuilder()
        .steps(requireNonNullElse(steps, own.steps()))
        .checkpoints(checkpoints::change)
        .build();
  }

  private RowChoice rowChoice(RowChoice base) {
    if (epochs == null) {
      return base;
    }
    return epochs ? RowChoice.EPOCHS : RowChoice.INDEPENDENT;
  }

  /** Settings with another number of steps, and a warm-up that fits where none was asked for. */
  TrainerConfig withSteps(TrainerConfig config, int steps) {
    return config.toBuilder()
        .steps(steps)
        .optimizer(adamW -> adamW.warmupSteps(warmup(config.optimizer(), steps)))
        .build();
  }

  private int warmup(OptimizerConfig base, int runSteps) {
    return requireNonNullElse(
        warmup, Math.min(base.warmupSteps(), runSteps / STEPS_PER_WARMUP_STEP));
  }

  private OptimizerConfig.Builder optimizer(
      OptimizerConfig.Builder adamW, OptimizerConfig base, int runSteps) {
    return adamW
        .learningRate(requireNonNullElse(learningRate, base.learningRate()))
        .warmupSteps(warmup(base, runSteps))
        .rateShape(requireNonNullElse(rateShape, base.rateShape()))
        .muon(
            base.muon().toBuilder()
                .learningRate(requireNonNullElse(muon, base.muon().learningRate()))
                .build())
        .emaRate(requireNonNullElse(ema, base.emaRate()));
  }

  private LearnedScheduleConfig.Builder schedule(
      LearnedScheduleConfig.Builder schedule, LearnedScheduleConfig base) {
    return schedule
        .learningRateMultiplier(requireNonNullElse(scheduleRate, base.learningRateMultiplier()))
        .weightDecay(scheduleDecay || base.weightDecay())
        .frozen(scheduleFrozen || base.frozen());
  }

  private EvaluationConfig.Builder evaluation(
      EvaluationConfig.Builder evaluation, EvaluationConfig base) {
    return evaluation
        .every(requireNonNullElse(evalEvery, base.every()))
        .rows(requireNonNullElse(evalRows, base.rows()));
  }

  /** Written down as a number, so that a run continued elsewhere is the same to the bit. */
  private static int replicas(int rows, int mostTogether) {
    return Math.min(ReplicaPool.defaultSize(), rows / microBatches(rows, mostTogether));
  }

  /** The fewest parts, at least one, of a batch that are no larger than the preset's. */
  private static int microBatches(int rows, int most) {
    return Math.max(1, (int) (((long) rows + most - 1) / most));
  }

  private static void requireLearnedScheduleFor(String option, boolean given, Model model) {
    if (given && model != Model.GENMD4) {
      throw new CommandException(
          "%s is of no use to --model %s: only genmd4 learns a schedule".formatted(option, model));
    }
  }
}
