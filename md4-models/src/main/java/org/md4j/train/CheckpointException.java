package org.md4j.train;

/**
 * Thrown when a checkpoint cannot be written, read or used; the message is one line that says why.
 */
public final class CheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CheckpointException(String message) {
    super(message);
  }

  CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
