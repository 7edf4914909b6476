package org.md4j.train;

import java.nio.file.Path;

/**
 * Told about a run as it goes, on the thread that runs it and in the order given to the trainer.
 * What a listener throws ends the run.
 */
public interface TrainingListener {
  /** Before the first step. */
  default void onStart(TrainingStart start) {}

  /** After every step. */
  default void onStep(StepReport step) {}

  /** After every evaluation. */
  default void onEvaluation(EvaluationReport evaluation) {}

  /** After a checkpoint is in its place. */
  default void onCheckpoint(Path file) {}

  /** After the last step, evaluation and checkpoint; not called if the run fails. */
  default void onEnd(TrainingSummary summary) {}
}
