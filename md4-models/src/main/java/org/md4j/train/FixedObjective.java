package org.md4j.train;

import java.util.List;
import java.util.Optional;
import org.md4j.model.ReplicaPool;
import org.md4j.objective.Objective;
import org.md4j.objective.TrainingLoss;

/** An objective with nothing to learn. */
record FixedObjective(Objective objective) implements ObjectiveTraining {
  @Override
  public Objective averagedObjective() {
    return objective;
  }

  @Override
  public double update(ReplicaPool pool, List<TrainingLoss> losses, int step) {
    return 0;
  }

  @Override
  public Optional<OptimizerState> state() {
    return Optional.empty();
  }

  @Override
  public Optional<ScheduleReport> report() {
    return Optional.empty();
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    // Nothing has changed since the objective was made.
  }
}
