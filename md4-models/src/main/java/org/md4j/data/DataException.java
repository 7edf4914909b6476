package org.md4j.data;

import org.md4j.file.OneLine;

/**
 * A data file or text cannot be used; the message is one line that says what is wrong and how to
 * mend it. Control characters that a file brings into the line are shown by visible signs.
 */
public final class DataException extends RuntimeException {
  /** Makes an error with a message alone. */
  public DataException(String message) {
    super(OneLine.of(message));
  }

  /** Makes an error with a message and what caused it. */
  public DataException(String message, Throwable cause) {
    super(OneLine.of(message), cause);
  }
}
