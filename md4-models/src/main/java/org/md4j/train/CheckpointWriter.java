package org.md4j.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a run's checkpoints when they are due, and keeps as many as its settings say. */
final class CheckpointWriter {
  private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointWriter.class);
  private static final double NANOSECONDS_PER_MINUTE = 60e9;

  private final KeptCheckpoints files;
  private final CheckpointTypes types;
  private final CheckpointConfig config;
  private long since;
  private int lastStep = -1;

  /**
   * Makes a writer of no checkpoint yet.
   *
   * @param now reading of {@link System#nanoTime}
   */
  CheckpointWriter(Path file, CheckpointTypes types, CheckpointConfig config, long now) {
    this.files = new KeptCheckpoints(file);
    this.types = types;
    this.config = config;
    this.since = now;
  }

  /** The file of the latest checkpoint. */
  Path file() {
    return files.latest();
  }

  /** Tells whether the latest checkpoint is of this step. */
  boolean hasWritten(int step) {
    return step == lastStep;
  }

  /** Tells whether a checkpoint is due by the step or by the time since the one before. */
  boolean isDue(int step, long now) {
    return (config.every() > 0 && step % config.every() == 0)
        || (config.minutes() > 0 && now - since >= config.minutes() * NANOSECONDS_PER_MINUTE);
  }

  /**
   * Writes a checkpoint and deletes what need not be kept any more.
   *
   * @param isBest whether its evaluation is the best so far
   * @throws CheckpointException if it cannot be written; the latest is then what it was
   */
  void write(Checkpoint checkpoint, boolean isBest, long now) {
    files.write(checkpoint, isBest, config.keep(), types);
    since = now;
    lastStep = checkpoint.step();
    try {
      files.prune(checkpoint, config.keep(), types);
    } catch (IOException | UncheckedIOException e) {
      LOGGER.warn("checkpoints that need not be kept cannot be deleted: {}", e.getMessage());
    }
  }
}
