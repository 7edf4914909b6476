package org.md4j.cli.terminal;

/**
 * The end of a command that was asked to stop: its message is one clear line, shown without a stack
 * trace, that says how to go on; the command ends with exit code 130.
 */
public final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An end described in one line that says how to go on. */
  public StoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
