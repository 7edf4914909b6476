package org.md4j.data;

/**
 * A data file or text cannot be used; the message is one line that says what is wrong and how to
 * mend it.
 */
public final class DataException extends RuntimeException {
  /** Makes an error with a message alone. */
  public DataException(String message) {
    super(message);
  }

  /** Makes an error with a message and what caused it. */
  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
