package org.md4j.train;

import java.nio.file.Path;

/**
 * Listens to a run as it goes, on the thread that runs it and in the order given to the trainer.
 * What a listener throws ends the run.
 */
public interface TrainingListener {
  /** Receives the start of a run, before its first step. */
  default void onStart(TrainingStart start) {}

  /** Receives every step, after its update. */
  default void onStep(StepReport step) {}

  /** Receives every evaluation, after it is made. */
  default void onEvaluation(EvaluationReport evaluation) {}

  /** Receives the file of a checkpoint, after it is in its place. */
  default void onCheckpoint(Path file) {}

  /**
   * Receives the end of a run, after its last step, evaluation and checkpoint; not called if the
   * run fails.
   */
  default void onEnd(TrainingSummary summary) {}
}
