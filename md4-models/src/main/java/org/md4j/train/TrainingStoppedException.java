package org.md4j.train;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown by {@link Trainer#train} when it was asked to stop, after the step it was in and a
 * checkpoint of it.
 */
public final class TrainingStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int step;
  private final transient @Nullable Path checkpoint;

  TrainingStoppedException(int step, int steps, @Nullable Path checkpoint) {
    super(
        "training was stopped after step %d of %d; %s"
            .formatted(
                step,
                steps,
                checkpoint == null
                    ? "no checkpoints were asked for: Trainer.checkpointTo"
                    : "its checkpoint is " + checkpoint));
    this.step = step;
    this.checkpoint = checkpoint;
  }

  /** The number of steps done. */
  public int step() {
    return step;
  }

  /** The file of the checkpoint of that step; empty if the trainer writes none. */
  public Optional<Path> checkpoint() {
    return Optional.ofNullable(checkpoint);
  }
}
