package org.md4j.cli.terminal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Says in a line why a file cannot be read or written. */
public final class FailureText {
  private FailureText() {}

  /** The file, if the failure names one, and why. */
  public static String of(IOException failure) {
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file";
    }
    if (failure instanceof FileAlreadyExistsException existing) {
      return existing.getFile() + ": a file of that name is in the way";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    return "cannot read or write: " + failure.getMessage();
  }
}
