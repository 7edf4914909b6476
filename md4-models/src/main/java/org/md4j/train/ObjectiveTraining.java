package org.md4j.train;

import java.util.List;
import java.util.Optional;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingLoss;

/** An objective in the course of a training: it stays what it is, or learns with the network. */
sealed interface ObjectiveTraining permits FixedObjective, ScheduleTraining {
  /** Begins the training of an objective, which itself says whether it learns. */
  static ObjectiveTraining of(Objective objective, TrainerConfig config) {
    return objective
        .learned()
        .<ObjectiveTraining>map(learned -> new ScheduleTraining(learned, config))
        .orElseGet(() -> new FixedObjective(objective));
  }

  /** The objective of the next step. */
  Objective objective();

  /** The objective that the averaged parameters are evaluated by and sampled with. */
  Objective averagedObjective();

  /**
   * Takes one step of the learned parameters, if there are any.
   *
   * @param losses losses of all rows of the step
   * @param step counted from 0
   * @return the norm of the objective's own gradient, which if it is not finite has changed nothing
   */
  double update(ReplicaPool pool, List<TrainingLoss> losses, int step);

  /**
   * The parameters that the objective learns and what belongs to them, not copies, if it learns
   * any.
   */
  Optional<OptimizerState> state();

  /** The range of what the objective has learned, if it learns. */
  Optional<ScheduleReport> report();

  /** Goes on from a checkpoint whose objective fits this one. */
  void restore(Checkpoint checkpoint);
}
