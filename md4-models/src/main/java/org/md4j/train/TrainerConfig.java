package org.md4j.train;

import java.util.Objects;
import java.util.function.UnaryOperator;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.TrainingNoise;

/**
 * Settings of a training run.
 *
 * <p>The same settings with the same number of replicas repeat a run to the bit; another number of
 * replicas, or another accumulation, changes the order of floating-point sums only.
 *
 * <p>Deviation: the reference code (b9fbf29) sums the gradients of micro-batches and gives all of
 * them the same noise; here they are averaged, every row has noise of its own, and times are spread
 * evenly over the whole batch.
 *
 * @param steps updates in all, at least 1
 * @param batchSize B, rows a step, at least 1
 * @param accumulation micro-batches a step is computed in, at most batchSize; where they do not
 *     divide it, some have a row less. Changes the memory needed and, beyond summation order,
 *     nothing else
 * @param optimizer settings of the update of parameters
 * @param schedule settings of the training of a learned schedule
 * @param noise how rows are noised and weighed in training
 * @param rowChoice which examples a step sees
 * @param evaluation settings of the run's evaluations
 * @param labelDropout probability in [0, 1) that a training row of a class-conditional network is
 *     given the null label for its own, so that the network can do without and be guided ({@link
 *     org.md4j.core.GuidedDenoiser}); 0 for data without classes
 * @param checkpoints when checkpoints are written and how many are kept
 * @param seed seed of every random number of the run
 * @param replicas threads, each with a replica of the network; 0 for {@link
 *     ReplicaPool#defaultSize}, at most one per row of a micro-batch
 */
public record TrainerConfig(
    int steps,
    int batchSize,
    int accumulation,
    OptimizerConfig optimizer,
    LearnedScheduleConfig schedule,
    TrainingNoise noise,
    RowChoice rowChoice,
    EvaluationConfig evaluation,
    double labelDropout,
    CheckpointConfig checkpoints,
    long seed,
    int replicas) {
  /** Checks every range. */
  public TrainerConfig {
    Settings.requireAtLeast("steps", steps, 1);
    Settings.requireAtLeast("batchSize", batchSize, 1);
    Settings.requireAtLeast("accumulation", accumulation, 1);
    if (accumulation > batchSize) {
      throw new IllegalArgumentException(
          "accumulation (" + accumulation + ") must be at most batchSize, " + batchSize);
    }
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(noise, "noise");
    Objects.requireNonNull(rowChoice, "rowChoice");
    Objects.requireNonNull(evaluation, "evaluation");
    Settings.requireRate("labelDropout", labelDropout);
    Objects.requireNonNull(checkpoints, "checkpoints");
    Settings.requireAtLeast("replicas", replicas, 0);
    int largest = largestPart(batchSize, accumulation);
    if (replicas > largest) {
      throw new IllegalArgumentException(
          "replicas ("
              + replicas
              + ") must be at most the rows of a micro-batch, batchSize / accumulation = "
              + largest);
    }
  }

  /**
   * A builder of settings with plain AdamW, no accumulation, seed 42, evaluation at the end only,
   * and a checkpoint every 10 minutes.
   *
   * @param steps updates in all, at least 1
   * @param batchSize B, rows a step, at least 1
   * @param learningRate the largest learning rate, above 0
   */
  public static Builder builder(int steps, int batchSize, double learningRate) {
    return new Builder(steps, batchSize, learningRate);
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * The largest number of rows that are in the network at the same time: {@code batchSize /
   * accumulation}, rounded up.
   */
  public int microBatchRows() {
    return largestPart(batchSize, accumulation);
  }

  /**
   * The learning rate of a step.
   *
   * @param done steps done before it, from 0 to all
   */
  public double learningRateAt(int done) {
    return optimizer.schedule(optimizer.learningRate(), steps).at(done);
  }

  private static int largestPart(int rows, int parts) {
    return (int) (((long) rows + parts - 1) / parts);
  }

  /** Sets what a training run does, by name. */
  public static final class Builder {
    private int steps;
    private int batchSize;
    private int accumulation = 1;
    private OptimizerConfig optimizer;
    private LearnedScheduleConfig schedule = LearnedScheduleConfig.builder().build();
    private TrainingNoise noise = TrainingNoise.paper();
    private RowChoice rowChoice = RowChoice.INDEPENDENT;
    private EvaluationConfig evaluation = EvaluationConfig.builder().build();
    private double labelDropout;
    private CheckpointConfig checkpoints = CheckpointConfig.builder().build();
    private long seed = 42;
    private int replicas;

    private Builder(int steps, int batchSize, double learningRate) {
      this.steps = steps;
      this.batchSize = batchSize;
      optimizer = OptimizerConfig.builder(learningRate).build();
    }

    private Builder(TrainerConfig config) {
      steps = config.steps;
      batchSize = config.batchSize;
      accumulation = config.accumulation;
      optimizer = config.optimizer;
      schedule = config.schedule;
      noise = config.noise;
      rowChoice = config.rowChoice;
      evaluation = config.evaluation;
      labelDropout = config.labelDropout;
      checkpoints = config.checkpoints;
      seed = config.seed;
      replicas = config.replicas;
    }

    /** Sets the number of updates in all, at least 1. */
    public Builder steps(int steps) {
      this.steps = steps;
      return this;
    }

    /** Sets the number B of rows a step, at least 1. */
    public Builder batchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /** Sets the number of micro-batches a step is computed in, 1 to batchSize; by default 1. */
    public Builder accumulation(int accumulation) {
      this.accumulation = accumulation;
      return this;
    }

    /** Changes how parameters are updated; by default as {@link OptimizerConfig#builder} says. */
    public Builder optimizer(UnaryOperator<OptimizerConfig.Builder> change) {
      optimizer = change.apply(optimizer.toBuilder()).build();
      return this;
    }

    /** Changes how a learned schedule is trained; by default as the network is, without decay. */
    public Builder schedule(UnaryOperator<LearnedScheduleConfig.Builder> change) {
      schedule = change.apply(schedule.toBuilder()).build();
      return this;
    }

    /** Changes how rows are noised and weighed; by default {@link TrainingNoise#paper}. */
    public Builder noise(UnaryOperator<TrainingNoise> change) {
      noise = change.apply(noise);
      return this;
    }

    /** Sets which examples a step sees; by default each is drawn from all. */
    public Builder rowChoice(RowChoice rowChoice) {
      this.rowChoice = rowChoice;
      return this;
    }

    /** Changes when the run is evaluated; by default at the end only, on all validation rows. */
    public Builder evaluation(UnaryOperator<EvaluationConfig.Builder> change) {
      evaluation = change.apply(evaluation.toBuilder()).build();
      return this;
    }

    /** Sets the probability in [0, 1) of the null label in training; by default 0. */
    public Builder labelDropout(double labelDropout) {
      this.labelDropout = labelDropout;
      return this;
    }

    /**
     * Changes when checkpoints are written; by default as {@link CheckpointConfig#builder} says.
     */
    public Builder checkpoints(UnaryOperator<CheckpointConfig.Builder> change) {
      checkpoints = change.apply(checkpoints.toBuilder()).build();
      return this;
    }

    /** Sets the seed of every random number of the run; by default 42. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Sets the number of threads, each with a replica; by default 0, as many as the machine has use
     * for.
     */
    public Builder replicas(int replicas) {
      this.replicas = replicas;
      return this;
    }

    /**
     * Builds the settings.
     *
     * @throws IllegalArgumentException if a value is out of its range, or two do not fit
     */
    public TrainerConfig build() {
      return new TrainerConfig(
          steps,
          batchSize,
          accumulation,
          optimizer,
          schedule,
          noise,
          rowChoice,
          evaluation,
          labelDropout,
          checkpoints,
          seed,
          replicas);
    }
  }
}
