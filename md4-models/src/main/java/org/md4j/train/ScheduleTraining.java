package org.md4j.train;

import java.util.List;
import java.util.Optional;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.LearnedObjective;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingLoss;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A learned schedule as it is trained: its raw parameters with an optimiser of their own, and the
 * objective they make at each step.
 *
 * <p>The gradient is clipped by its own norm, to the bound the network's is clipped to.
 */
final class ScheduleTraining implements ObjectiveTraining {
  private final LearnedScheduleConfig config;
  private final INDArray gradient;
  private final FlatOptimizer optimizer;
  private LearnedObjective learned;

  /** Makes a training that starts from the schedule of an objective. */
  ScheduleTraining(LearnedObjective learned, TrainerConfig config) {
    this.config = config.schedule();
    INDArray raw = Nd4j.createFromArray(learned.parameters()).castTo(DataType.FLOAT);
    gradient = Nd4j.zeros(DataType.FLOAT, raw.length());
    optimizer =
        new FlatOptimizer(
            raw,
            List.of(gradient),
            AdamW.of(
                config,
                this.config.learningRateMultiplier(),
                this.config.weightDecay() ? config.optimizer().weightDecay() : 0),
            config.optimizer().clipNorm(),
            config.optimizer().emaRate(),
            1);
    this.learned = with(learned, raw);
  }

  @Override
  public Objective objective() {
    return learned.objective();
  }

  @Override
  public Objective averagedObjective() {
    return with(learned, optimizer.state().average()).objective();
  }

  @Override
  public Optional<OptimizerState> state() {
    return Optional.of(optimizer.state());
  }

  @Override
  public Optional<ScheduleReport> report() {
    return Optional.of(ScheduleReport.of(learned.schedule()));
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    OptimizerState saved = checkpoint.scheduleState();
    if (saved == null) {
      throw new IllegalArgumentException("checkpoint must hold the state of a learned schedule");
    }
    optimizer.state().assign(saved);
    learned = with(checkpoint.learnedObjective(), saved.parameters());
  }

  @Override
  public double update(ReplicaPool pool, List<TrainingLoss> losses, int step) {
    gradient.assign(Nd4j.createFromArray(learned.gradient(losses)));
    double norm = optimizer.reduce(pool);
    if (Double.isFinite(norm)) {
      if (!config.frozen()) {
        optimizer.update(pool, norm, step);
      }
      learned = with(learned.after(losses), optimizer.state().parameters());
    }
    return norm;
  }

  /** Makes an objective with the schedule of raw parameters. */
  static LearnedObjective with(LearnedObjective learned, INDArray raw) {
    return learned.withParameters(raw.castTo(DataType.DOUBLE).toDoubleVector());
  }
}
