package org.md4j.train;

import org.md4j.file.OneLine;

/**
 * Thrown when a checkpoint cannot be written, read or used; the message is one line that says why.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CheckpointException(String message) {
    super(OneLine.of(message));
  }

  CheckpointException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
