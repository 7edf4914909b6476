package org.md4j.cli.terminal;

import org.md4j.file.OneLine;

/**
 * A mistake the user can mend: its message is one clear line, shown without a stack trace, and the
 * command ends with exit code 2.
 */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A mistake described in one line that says what to do. */
  public CommandException(String message) {
    super(OneLine.of(message));
  }

  /** As above, with what brought it to light. */
  public CommandException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
