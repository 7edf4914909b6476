package org.md4j.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTextTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new NoSuchFileException("f"), "f: no such file"),
        Arguments.of(new AccessDeniedException("f"), "f: permission denied"),
        Arguments.of(new FileAlreadyExistsException("f"), "f: a file of that name is in the way"),
        Arguments.of(new NotDirectoryException("f"), "f: it is no folder"),
        Arguments.of(new FileSystemException("f", null, "disk full"), "f: disk full"),
        Arguments.of(new FileSystemException("f"), "f: the file system refuses"),
        Arguments.of(new MalformedInputException(1), "it is not UTF-8"),
        Arguments.of(new EOFException(), "it ends early"),
        Arguments.of(new EOFException("in a block"), "in a block"),
        Arguments.of(new IOException(), "it is damaged"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureIsSaidInWords(IOException failure, String text) {
    assertThat(FailureText.of(failure)).isEqualTo(text);
    assertThat(text).endsWith(FailureText.reason(failure));
  }
}
