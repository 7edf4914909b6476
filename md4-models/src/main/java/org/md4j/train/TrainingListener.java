package org.md4j.train;

import java.nio.file.Path;

/**
 * Listens to a run as it goes, on the thread that runs it and in the order given to the trainer.
 * What a listener throws ends the run.
 */
public interface TrainingListener {
  /** Called before the first step. */
  default void onStart(TrainingStart start) {}

  /** Called after every step. */
  default void onStep(StepReport step) {}

  /** Called after every evaluation. */
  default void onEvaluation(EvaluationReport evaluation) {}

  /** Called after a checkpoint is in its place. */
  default void onCheckpoint(Path file) {}

  /** Called after the last step, evaluation and checkpoint; not called if the run fails. */
  default void onEnd(TrainingSummary summary) {}
}
