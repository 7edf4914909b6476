package org.md4j.train;

import java.util.List;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.StateDependentElbo;
import org.md4j.objective.StateDependentLoss;
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
final class ScheduleTraining {
  private final LearnedScheduleConfig config;
  private final INDArray gradient;
  private final FlatOptimizer optimizer;
  private StateDependentElbo objective;

  /** Training that starts from the schedule of an objective. */
  ScheduleTraining(StateDependentElbo objective, TrainerConfig config) {
    this.config = config.schedule();
    INDArray raw = Nd4j.createFromArray(objective.schedule().parameters()).castTo(DataType.FLOAT);
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
    this.objective = with(objective, raw);
  }

  /** The objective of the next step. */
  StateDependentElbo objective() {
    return objective;
  }

  /** The objective with the averaged schedule. */
  StateDependentElbo averagedObjective() {
    return with(objective, optimizer.state().average());
  }

  /** The raw parameters and what belongs to them. */
  OptimizerState state() {
    return optimizer.state();
  }

  /** Goes on from where a checkpoint was. */
  void restore(StateDependentElbo saved, OptimizerState state) {
    optimizer.state().assign(state);
    objective = with(saved, state.parameters());
  }

  /**
   * Takes one step.
   *
   * @param losses of all rows of the step
   * @param step counted from 0
   * @return the norm of the gradient, which if it is not finite has changed nothing
   */
  double update(ReplicaPool pool, List<TrainingLoss> losses, int step) {
    List<StateDependentLoss> own = losses.stream().map(StateDependentLoss.class::cast).toList();
    double[] sum = new double[(int) gradient.length()];
    for (StateDependentLoss loss : own) {
      double[] part = loss.parameterGradient();
      for (int p = 0; p < sum.length; p++) {
        sum[p] += part[p];
      }
    }
    gradient.assign(Nd4j.createFromArray(sum));
    double norm = optimizer.reduce(pool);
    if (Double.isFinite(norm)) {
      if (!config.frozen()) {
        optimizer.update(pool, norm, step);
      }
      objective =
          with(objective, optimizer.state().parameters())
              .withBaseline(objective.baseline().after(own));
    }
    return norm;
  }

  /** An objective with the schedule of raw parameters. */
  static StateDependentElbo with(StateDependentElbo objective, INDArray raw) {
    return objective.withSchedule(
        objective.schedule().withParameters(raw.castTo(DataType.DOUBLE).toDoubleVector()));
  }
}
