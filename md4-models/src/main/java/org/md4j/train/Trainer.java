package org.md4j.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.model.ParallelDenoiser;
import org.md4j.model.TrainableDenoiser;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingLoss;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a network on an objective: MD4's loop (the reference code's train.py, commit b9fbf29) with
 * rows spread over replicas.
 *
 * <p>A step draws B rows, gives them noise levels spread evenly over the whole batch, and splits
 * them over the replicas, which share the parameters and have a thread each; the gradients are
 * added up, clipped by global norm if asked for, and used in one update, by AdamW or, of matrices
 * and if asked for, by Muon, after which the average follows. The loss is the negative ELBO in bits
 * per token, so that is what gradients and epsilon are measured in.
 *
 * <p>Random numbers are functions of the seed, the step and the row: a run resumed from a
 * checkpoint continues as the unbroken one would have, to the bit, and with another number of
 * replicas only the order of floating-point sums differs. Clocks are read for reports only.
 *
 * <p>For speed every operation of ND4J should run on one thread, {@code OMP_NUM_THREADS=1};
 * replicas use the cores. A trainer is used by one thread, except for {@link #stop}; {@link #close}
 * ends its replicas' threads.
 */
public final class Trainer implements AutoCloseable {
  /**
   * The number of steps between full garbage collections. ND4J 1.0.0-M2.1 frees the native side of
   * an operation when its Java side is collected; about a thousand a step grow old before they are,
   * 0.14 MB that only a full collection gives back.
   */
  private static final int COLLECTION_STEPS = 100;

  private final TrainableDenoiser network;
  private final ObjectiveTraining objective;
  private final TrainingData data;
  private final TrainerConfig config;
  private final List<TrainingListener> listeners;
  private final Replicas replicas;
  private final BatchGradient batchGradient;
  private final ParallelDenoiser denoiser;
  private final FlatOptimizer optimizer;
  private final Evaluator evaluator;
  private @Nullable CheckpointWriter checkpoints;
  private BestEvaluation best = BestEvaluation.NONE;
  private int step;
  private int skips;
  private boolean averagedInPlace;
  private boolean closed;
  private volatile boolean stopRequested;

  /**
   * Makes a trainer that has not started.
   *
   * @param network trained in place; its parameters are the trainer's until it is closed
   * @param objective objective that is minimised and evaluated
   * @param training rows to draw from
   * @param validation rows evaluated, from the first on
   * @throws IllegalArgumentException if network and data differ in vocabulary or classes, training
   *     and validation in row length, labels are to be dropped where there are none, rows of the
   *     objective cannot be noised as the settings say, or Muon is to update a network that names
   *     no matrices
   */
  public Trainer(
      TrainableDenoiser network,
      Objective objective,
      RowSource training,
      RowSource validation,
      TrainerConfig config,
      List<? extends TrainingListener> listeners) {
    data = new TrainingData(training, validation);
    data.requireFit(network, config);
    objective.requireFits(config.noise());
    Optional<Muon> muon = Muon.of(network, config);
    this.network = network;
    this.config = config;
    this.listeners = List.copyOf(listeners);
    CounterRandom random = new CounterRandom(config.seed());
    replicas = Replicas.of(network, config);
    batchGradient =
        new BatchGradient(replicas.pool(), replicas.networks(), training, config, random);
    denoiser = replicas.denoiser();
    this.objective = ObjectiveTraining.of(objective, config);
    optimizer =
        new FlatOptimizer(
            network.parameters(),
            replicas.gradients(),
            AdamW.of(config, 1, config.optimizer().weightDecay()),
            muon,
            config.optimizer().clipNorm(),
            config.optimizer().emaRate(),
            replicas.count());
    int rowsPerReplica = (config.microBatchRows() + replicas.count() - 1) / replicas.count();
    evaluator = new Evaluator(validation, config.evaluation().rows(), rowsPerReplica, random);
  }

  /**
   * Writes checkpoints, whose types are {@link CheckpointTypes#standard}, as the settings say.
   *
   * @param file replaced by each newer checkpoint; its folder must exist
   * @throws CheckpointException as {@link #checkpointTo(Path, CheckpointTypes)} does
   */
  public void checkpointTo(Path file) {
    checkpointTo(file, CheckpointTypes.standard());
  }

  /**
   * Writes checkpoints when the settings say, after an evaluation better than all before it, and at
   * the end.
   *
   * @param file replaced by each newer checkpoint; its folder must exist, and holds those that are
   *     kept under the names of {@link KeptCheckpoints}
   * @param types registry with names for network, objective and schedule
   * @throws CheckpointException if no checkpoint of this run could be written: a type has no name,
   *     a value does not come back from JSON as it was, the parameters are not of type FLOAT, or
   *     the folder does not exist
   */
  public void checkpointTo(Path file, CheckpointTypes types) {
    Checkpoint.requireWritable(
        network.config(), objective(), config, network.parameters(), file, types);
    checkpoints = new CheckpointWriter(file, types, config.checkpoints(), System.nanoTime());
  }

  /**
   * Continues from a checkpoint instead of from the network's present parameters.
   *
   * @throws CheckpointException if it does not belong to this network, objective, data or these
   *     settings; the trainer is then as it was
   */
  public void restore(Checkpoint checkpoint) {
    DataIdentity identity = DataIdentity.of(data.training());
    checkpoint.requireTokenizer(identity);
    checkpoint.requireNetwork(network.config());
    checkpoint.requireFits(
        network.vocabulary(), network.parameters(), objective(), identity, config);
    optimizer.state().assign(checkpoint.state());
    objective.restore(checkpoint);
    step = checkpoint.step();
    best =
        checkpoint.trainer().evaluation().rows() == config.evaluation().rows()
            ? checkpoint.best()
            : BestEvaluation.NONE; // Bits of other rows are not to be compared with.
    skips = 0;
  }

  /** The objective of the next step: the given one, with the schedule learned so far. */
  public Objective objective() {
    return objective.objective();
  }

  /**
   * The objective that the averaged parameters are evaluated by and sampled with: the given one,
   * with the average of a learned schedule.
   */
  public Objective averagedObjective() {
    return objective.averagedObjective();
  }

  /**
   * Returns the run as it is now, to be saved, sampled from or continued. The checkpoint holds the
   * arrays of this trainer, which further training changes.
   *
   * @throws CheckpointException if the parameters are not of type FLOAT
   */
  public Checkpoint checkpoint() {
    return new Checkpoint(
        network.config(),
        objective(),
        config,
        step,
        best,
        DataIdentity.of(data.training()),
        Checkpoint.libraryVersionInUse(),
        optimizer.state(),
        objective.state().orElse(null));
  }

  /** The number of steps done. */
  public int step() {
    return step;
  }

  /**
   * Trains up to {@code config.steps()}, then evaluates. At a step where both are due, listeners
   * are told of the evaluation before the checkpoint is written. A run that is already finished is
   * only evaluated, once more.
   *
   * <p>Asked to stop, by {@link #stop} or by an interruption of the thread, the trainer finishes
   * the step it is in, the evaluation due after it included, and writes a checkpoint. A thread that
   * was interrupted still is; once it no longer is, {@code train} may be called again to go on.
   *
   * <p>A step whose loss or gradient is not finite changes no parameter and counts as a step;
   * {@link StepReport#isSkipped} tells listeners.
   *
   * @throws TrainingDivergedException if more steps in a row than {@link OptimizerConfig#mostSkips}
   *     are such
   * @throws TrainingStoppedException if the trainer was asked to stop before the last step
   * @throws IllegalStateException if the trainer is closed
   */
  public TrainingSummary train() {
    if (closed) {
      throw new IllegalStateException("train must not be called on a closed trainer: make another");
    }
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
                    data.training().length(),
                    replicas.count(),
                    network.computation(),
                    data.training().name(),
                    data.validation().name())));
    StepTimes times = new StepTimes();
    EvaluationReport evaluation = null;
    while (step < config.steps()) {
      stopIfAsked();
      StepReport report = advance();
      times.add(report.seconds());
      if (step % COLLECTION_STEPS == 0) {
        Nd4j.getMemoryManager().invokeGc();
      }
      tell(listener -> listener.onStep(report));
      // The checkpoint last: what goes on from it must find the evaluation of its step told.
      evaluation = isEvaluationDue() ? evaluateAndTell() : null;
      writeCheckpointIfDue(evaluation != null && becomesBest(evaluation));
    }
    if (evaluation == null) {
      evaluation = evaluateAndTell();
    }
    TrainingSummary summary =
        times.summary(
            evaluation,
            (long) config.batchSize() * data.training().length(),
            network.parameters().length());
    tell(listener -> listener.onEnd(summary));
    return summary;
  }

  /**
   * Asks {@link #train} to stop: now, or as soon as it is called. Returns at once; may be called
   * from any thread.
   */
  public void stop() {
    stopRequested = true;
  }

  /**
   * Evaluates the averaged parameters on the validation rows, with the same rows, times and masks
   * each time.
   */
  public EvaluationReport evaluate() {
    return withAveragedParameters(
        averaged ->
            evaluator.evaluate(averagedObjective(), replicas.pool(), replicas.networks(), step));
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
    optimizer.swapAverage(replicas.pool());
    averagedInPlace = true;
    try {
      return task.apply(denoiser);
    } finally {
      optimizer.swapAverage(replicas.pool());
      averagedInPlace = false;
    }
  }

  @Override
  public void close() {
    closed = true;
    replicas.close();
    optimizer.close();
  }

  private StepReport advance() {
    long start = System.nanoTime();
    int length = data.training().length();
    double perToken = 1 / (config.batchSize() * length * Math.log(2));
    List<TrainingLoss> losses = batchGradient.accumulate(objective(), step, perToken);
    double bits = losses.stream().mapToDouble(TrainingLoss::nats).sum() * perToken;
    double norm = optimizer.reduce(replicas.pool());
    if (Double.isFinite(bits) && Double.isFinite(norm)) {
      double scheduleNorm = objective.update(replicas.pool(), losses, step);
      if (Double.isFinite(scheduleNorm)) {
        optimizer.update(replicas.pool(), norm, step);
        skips = 0;
      } else {
        norm = scheduleNorm;
      }
    }
    if (!Double.isFinite(bits) || !Double.isFinite(norm)) {
      skip(bits, norm);
    }
    double rate = config.learningRateAt(step);
    step++;
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new StepReport(
        step,
        bits,
        rate,
        norm,
        objective.report().orElse(null),
        seconds,
        (double) config.batchSize() * length / seconds);
  }

  /** Leaves a step's update out, unless there were too many such steps in a row. */
  private void skip(double bits, double norm) {
    if (skips == config.optimizer().mostSkips()) {
      Optional<String> parameter = replicas.firstNotFinite().map(network::parameterName);
      throw new TrainingDivergedException(step + 1, skips, bits, norm, parameter);
    }
    skips++;
  }

  private boolean isEvaluationDue() {
    int every = config.evaluation().every();
    return step == config.steps() || (every > 0 && step % every == 0);
  }

  private EvaluationReport evaluateAndTell() {
    EvaluationReport report = evaluate();
    tell(listener -> listener.onEvaluation(report));
    return report;
  }

  private boolean becomesBest(EvaluationReport evaluation) {
    boolean isBest = best.isBeatenBy(evaluation);
    if (isBest) {
      best = new BestEvaluation(step, evaluation.bitsPerToken());
    }
    return isBest;
  }

  private void writeCheckpointIfDue(boolean isBest) {
    CheckpointWriter writer = checkpoints;
    if (writer != null
        && (isBest || step == config.steps() || writer.isDue(step, System.nanoTime()))) {
      write(writer, isBest);
    }
  }

  private void write(CheckpointWriter writer, boolean isBest) {
    writer.write(checkpoint(), isBest, System.nanoTime());
    tell(listener -> listener.onCheckpoint(writer.file()));
  }

  private void stopIfAsked() {
    if (!stopRequested && !Thread.currentThread().isInterrupted()) {
      return;
    }
    stopRequested = false;
    CheckpointWriter writer = checkpoints;
    if (writer != null && !writer.hasWritten(step)) {
      write(writer, false);
    }
    throw new TrainingStoppedException(step, config.steps(), writer == null ? null : writer.file());
  }

  private void tell(Consumer<TrainingListener> event) {
    listeners.forEach(event);
  }
}
