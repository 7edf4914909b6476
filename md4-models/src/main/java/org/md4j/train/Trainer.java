package org.md4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.ReplicaPool;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.Objective;
import org.md4j.objective.StateDependentElbo;
import org.md4j.objective.TrainingLoss;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a network on an objective: MD4's loop (the reference code's train.py, commit b9fbf29) with
 * rows spread over replicas.
 *
 * <p>A step draws B rows, gives them noise levels spread evenly over the whole batch, and splits
 * them over the replicas, which share the parameters and have a thread each; the gradients are
 * added up, clipped by global norm if asked for, and used in one AdamW update, after which the
 * average follows. The loss is the negative ELBO in bits per token, so that is what gradients and
 * epsilon are measured in.
 *
 * <p>Random numbers are functions of the seed, the step and the row: a run resumed from a
 * checkpoint continues as the unbroken one would have, to the bit, and with another number of
 * replicas only the order of floating-point sums differs. Clocks are read for reports only.
 *
 * <p>For speed every operation of ND4J should run on one thread, {@code OMP_NUM_THREADS=1};
 * replicas use the cores. A trainer is used by one thread; {@link #close} ends its replicas'
 * threads.
 */
public final class Trainer implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Trainer.class);

  /**
   * Steps between full garbage collections. ND4J 1.0.0-M2.1 frees the native side of an operation
   * when its Java side is collected; about a thousand a step grow old before they are, 0.14 MB that
   * only a full collection gives back.
   */
  private static final int COLLECTION_STEPS = 100;

  private final TrainableDenoiser network;
  private final Objective objective;
  private final @Nullable ScheduleTraining schedule;
  private final RowSource training;
  private final RowSource validation;
  private final TrainerConfig config;
  private final List<TrainingListener> listeners;
  private final WarmupCosineSchedule learningRate;
  private final ReplicaPool pool;
  private final List<TrainableDenoiser> replicas;
  private final BatchGradient batchGradient;
  private final ParallelDenoiser denoiser;
  private final FlatOptimizer optimizer;
  private final Evaluator evaluator;
  private @Nullable CheckpointTarget target;
  private int step;
  private boolean averagedInPlace;

  private record CheckpointTarget(Path file, NetworkConfig network) {}

  /**
   * A trainer that has not started.
   *
   * @param network trained in place; its parameters are the trainer's until it is closed
   * @param objective what is minimised and evaluated
   * @param training rows to draw from
   * @param validation rows evaluated, from the first on
   * @throws IllegalArgumentException if network and data differ in vocabulary or classes, training
   *     and validation in row length, or labels are to be dropped where there are none
   */
  public Trainer(
      TrainableDenoiser network,
      Objective objective,
      RowSource training,
      RowSource validation,
      TrainerConfig config,
      List<? extends TrainingListener> listeners) {
    requireSame("training.vocabulary", "the network", network.vocabulary(), training.vocabulary());
    requireSame(
        "validation.vocabulary", "the network", network.vocabulary(), validation.vocabulary());
    requireSame("validation.length", "training", training.length(), validation.length());
    requireSame("training.classes", "the network", network.classes(), training.classes());
    requireSame("validation.classes", "the network", network.classes(), validation.classes());
    if (config.labelDropout() > 0 && training.classes() == 0) {
      throw new IllegalArgumentException(
          "labelDropout ("
              + config.labelDropout()
              + ") must be 0 for training data without classes");
    }
    this.network = network;
    this.objective = objective;
    this.training = training;
    this.validation = validation;
    this.config = config;
    this.listeners = List.copyOf(listeners);
    CounterRandom random = new CounterRandom(config.seed());
    learningRate =
        new WarmupCosineSchedule(
            config.optimizer().learningRate(), config.optimizer().warmupSteps(), config.steps());
    pool = new ReplicaPool(replicaCount(config));
    warnOfThreads(pool.size());
    replicas = ParallelDenoiser.replicate(network, pool.size());
    batchGradient = new BatchGradient(pool, replicas, training, config, random);
    denoiser = new ParallelDenoiser(pool, replicas);
    schedule =
        objective instanceof StateDependentElbo learned
            ? new ScheduleTraining(learned, config)
            : null;
    optimizer =
        new FlatOptimizer(
            network.parameters(),
            replicas.stream().map(TrainableDenoiser::gradients).toList(),
            AdamW.of(config, 1, config.optimizer().weightDecay()),
            config.optimizer().clipNorm(),
            config.optimizer().emaRate(),
            pool.size());
    int rowsPerReplica = (config.microBatchRows() + pool.size() - 1) / pool.size();
    evaluator = new Evaluator(validation, config.evaluation().rows(), rowsPerReplica, random);
  }

  /** The number of replicas a configuration asks for on this machine. */
  private static int replicaCount(TrainerConfig config) {
    return config.replicas() > 0
        ? config.replicas()
        : Math.min(ReplicaPool.defaultSize(), config.microBatchRows());
  }

  private static void warnOfThreads(int replicas) {
    Environment environment = Nd4j.getEnvironment();
    if (replicas > 1 && environment.isCPU() && environment.maxThreads() > 1) {
      LOGGER.warn(
          "{} replicas, each with up to {} threads an operation, compete for the cores: set the"
              + " environment variable OMP_NUM_THREADS=1",
          replicas,
          environment.maxThreads());
    }
  }

  private static void requireSame(String name, String of, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new IllegalArgumentException(
          name + " (" + actual + ") must be that of " + of + ", " + expected);
    }
  }

  /**
   * Has checkpoints written: every {@code checkpointEvery} steps and at the end.
   *
   * @param file replaced by each newer checkpoint; its folder must exist
   * @param networkConfig the network's shape, to rebuild it from
   * @throws CheckpointException if no checkpoint of this run could be written: the network or the
   *     schedule is of your own, the parameters are not of type FLOAT, or the folder does not exist
   */
  public void checkpointTo(Path file, NetworkConfig networkConfig) {
    requireSame(
        "networkConfig.vocabulary",
        "the network",
        network.vocabulary(),
        networkConfig.vocabulary());
    if (network instanceof GraphDenoiser graph) {
      requireSame("networkConfig", "the network", graph.config(), networkConfig);
    }
    Checkpoint.requireWritable(networkConfig, objective, network.parameters(), file);
    target = new CheckpointTarget(file, networkConfig);
  }

  /**
   * Continues from a checkpoint instead of from the network's present parameters.
   *
   * @throws CheckpointException if it does not belong to this network, objective, data or these
   *     settings; the trainer is then as it was
   */
  public void restore(Checkpoint checkpoint) {
    if (network instanceof GraphDenoiser graph) {
      checkpoint.requireNetwork(graph.config());
    }
    checkpoint.requireFits(
        network.vocabulary(), network.parameters(), objective, DataIdentity.of(training), config);
    optimizer.state().assign(checkpoint.state());
    OptimizerState scheduleState = checkpoint.scheduleState();
    if (schedule != null && scheduleState != null) {
      schedule.restore(checkpoint.stateDependentObjective(), scheduleState);
    }
    step = checkpoint.step();
  }

  /** What is minimised at the next step: the given objective, with the schedule learned so far. */
  public Objective objective() {
    return schedule == null ? objective : schedule.objective();
  }

  /**
   * What the averaged parameters are evaluated by and sampled with: the given objective, with the
   * average of a learned schedule.
   */
  public Objective averagedObjective() {
    return schedule == null ? objective : schedule.averagedObjective();
  }

  /** Steps done. */
  public int step() {
    return step;
  }

  /**
   * Trains up to {@code config.steps()}, then evaluates. At a step where both are due, listeners
   * are told of the evaluation before the checkpoint is written. A run that is already finished is
   * only evaluated, once more.
   *
   * @throws TrainingDivergedException if a loss or gradient is not finite
   */
  public TrainingSummary train() {
    if (averagedInPlace) {
      throw new IllegalStateException("train must not be called on the averaged parameters");
    }
    tell(
        listener ->
            listener.onStart(
                new TrainingStart(
                    network.parameters().length(),
                    step,
                    config,
                    training.length(),
                    pool.size(),
                    training.name(),
                    validation.name())));
    StepTimes times = new StepTimes();
    EvaluationReport evaluation = null;
    while (step < config.steps()) {
      StepReport report = advance();
      times.add(report.seconds());
      if (step % COLLECTION_STEPS == 0) {
        Nd4j.getMemoryManager().invokeGc();
      }
      tell(listener -> listener.onStep(report));
      // The checkpoint last: what goes on from it must find the evaluation of its step told.
      evaluation = isDue(config.evaluation().every()) ? evaluateAndTell() : null;
      if (isDue(config.checkpointEvery())) {
        writeCheckpoint();
      }
    }
    if (evaluation == null) {
      evaluation = evaluateAndTell();
    }
    TrainingSummary summary = summary(times, evaluation);
    tell(listener -> listener.onEnd(summary));
    return summary;
  }

  /**
   * Evaluates the averaged parameters on the validation rows; the same rows, times and masks each
   * time.
   */
  public EvaluationReport evaluate() {
    return withAveragedParameters(
        averaged -> evaluator.evaluate(averagedObjective(), pool, replicas, step));
  }

  /**
   * Calls {@code task} with the network as it is under the averaged parameters. They are put into
   * the network's own vector for as long as the task runs and the trained ones are put back, to the
   * bit, even if it fails.
   *
   * @param task given a denoiser that uses all replicas; must not keep it, train or checkpoint
   */
  public <T> T withAveragedParameters(Function<? super Denoiser, ? extends T> task) {
    if (averagedInPlace) {
      return task.apply(denoiser);
    }
    optimizer.swapAverage(pool);
    averagedInPlace = true;
    try {
      return task.apply(denoiser);
    } finally {
      optimizer.swapAverage(pool);
      averagedInPlace = false;
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private StepReport advance() {
    long start = System.nanoTime();
    int length = training.length();
    double perToken = 1 / (config.batchSize() * length * Math.log(2));
    List<TrainingLoss> losses = batchGradient.accumulate(objective(), step, perToken);
    double bits = losses.stream().mapToDouble(TrainingLoss::nats).sum() * perToken;
    double norm = optimizer.reduce(pool);
    if (!Double.isFinite(bits) || !Double.isFinite(norm)) {
      throw new TrainingDivergedException(step + 1, bits, norm);
    }
    if (schedule != null) {
      double scheduleNorm = schedule.update(pool, losses, step);
      if (!Double.isFinite(scheduleNorm)) {
        throw new TrainingDivergedException(step + 1, bits, scheduleNorm);
      }
    }
    optimizer.update(pool, norm, step);
    double rate = learningRate.at(step);
    step++;
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new StepReport(
        step,
        bits,
        rate,
        norm,
        schedule == null ? null : ScheduleReport.of(schedule.objective().schedule()),
        seconds,
        (double) config.batchSize() * length / seconds);
  }

  private boolean isDue(int every) {
    return step == config.steps() || (every > 0 && step % every == 0);
  }

  private EvaluationReport evaluateAndTell() {
    EvaluationReport report = evaluate();
    tell(listener -> listener.onEvaluation(report));
    return report;
  }

  private void writeCheckpoint() {
    CheckpointTarget to = target;
    if (to == null) {
      return;
    }
    new Checkpoint(
            to.network(),
            objective(),
            config,
            step,
            DataIdentity.of(training),
            Checkpoint.libraryVersionInUse(),
            optimizer.state(),
            schedule == null ? null : schedule.state())
        .write(to.file());
    tell(listener -> listener.onCheckpoint(to.file()));
  }

  private TrainingSummary summary(StepTimes times, EvaluationReport evaluation) {
    double tokens = (double) times.count() * config.batchSize() * training.length();
    return new TrainingSummary(
        step,
        evaluation.bitsPerToken(),
        evaluation.standardError(),
        times.total(),
        times.median(),
        tokens / times.total(),
        network.parameters().length());
  }

  private void tell(Consumer<TrainingListener> event) {
    listeners.forEach(event);
  }
}
