package org.md4j.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/** Says in words why a file cannot be read or written. */
public final class FailureText {
  private FailureText() {}

  /** Returns the file, if the failure names one, and why. */
  public static String of(IOException failure) {
    return failure instanceof FileSystemException of && of.getFile() != null
        ? of.getFile() + ": " + reason(failure)
        : reason(failure);
  }

  /** Returns why alone, for a line that names the file. */
  public static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "no such file";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "a file of that name is in the way";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "it is no folder";
    }
    if (failure instanceof FileSystemException known) {
      return known.getReason() == null ? "the file system refuses" : known.getReason();
    }
    if (failure instanceof CharacterCodingException) {
      return "it is not UTF-8";
    }
    return message(failure)
        .orElse(failure instanceof EOFException ? "it ends early" : "it is damaged");
  }

  private static Optional<String> message(IOException failure) {
    return Optional.ofNullable(failure.getMessage()).filter(message -> !message.isBlank());
  }
}
