package org.md4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.md4j.data.DataException;
import org.md4j.train.CheckpointException;

/**
 * One file given to its reader, held to what every reader promises: it reads the file or refuses it
 * in one line that names it, in time and memory that go with the file's size, and leaves no
 * temporary file and no open one behind.
 */
final class Reading {
  /** The most that reading a file of a few kilobytes may allocate. */
  private static final long MOST_BYTES = 128L << 20;

  /** The most processor time that it may take, in nanoseconds. */
  private static final long MOST_NANOS = 10_000_000_000L;

  private static final int LONGEST_MESSAGE = 1000;
  private static final Pattern WORDS_OF_THE_PROGRAM =
      Pattern.compile(
          "Exception|Error:|Cannot invoke|is null|org\\.md4j|java\\.[a-z]|[:,?] null\\b");

  /** Names of the files given to readers, and of what they unpack. */
  private static final Predicate<String> OURS = Pattern.compile("/md4-(fuzz-)?\\d+").asPredicate();

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Reading() {}

  /** Reads a file; anything but a failure to read it passes through. */
  @FunctionalInterface
  interface Reader {
    void read(Path file) throws IOException;
  }

  /**
   * Gives a file to a reader.
   *
   * @param content what of the file was made up, which a refusal may quote
   */
  static void check(Path file, byte[] content, Reader reader) {
    long open = count(OPEN_FILES, link -> true);
    long temporary = temporaryFiles();
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long nanos = THREADS.getCurrentThreadCpuTime();
    try {
      reader.read(file);
    } catch (DataException | CheckpointException | Readers.CommandFailure refusal) {
      checkRefusal(file, content, String.valueOf(refusal.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - bytes)
        .as("bytes allocated")
        .isLessThan(MOST_BYTES);
    assertThat(THREADS.getCurrentThreadCpuTime() - nanos).as("nanoseconds").isLessThan(MOST_NANOS);
    if (count(OPEN_FILES, link -> true) > open) {
      assertThat(openFiles()).as("files still open").isZero();
    }
    assertThat(temporaryFiles()).as("temporary files").isLessThanOrEqualTo(temporary);
  }

  /** Checks the line that refuses a file. */
  private static void checkRefusal(Path file, byte[] content, String message) {
    assertThat(message.lines().toList()).as("lines of a refusal").hasSize(1);
    assertThat(message.chars().filter(Character::isISOControl).count())
        .as("control characters in: %s", message)
        .isZero();
    assertThat(message)
        .hasSizeLessThan(LONGEST_MESSAGE)
        .contains(String.valueOf(file.getFileName()));
    String quoted = new String(content, StandardCharsets.ISO_8859_1);
    assertThat(WORDS_OF_THE_PROGRAM.matcher(message).results().map(MatchResult::group))
        .as("words of the program in: %s", message)
        .allMatch(quoted::contains);
  }

  /** Open files that are the one read, or made from it; 0 where the system does not tell. */
  private static long openFiles() {
    return count(OPEN_FILES, file -> OURS.test(leadsTo(file)));
  }

  private static long temporaryFiles() {
    return count(TEMPORARY, file -> OURS.test(file.toString()));
  }

  private static String leadsTo(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) { // Closed since it was listed.
      return "";
    }
  }

  private static long count(Path folder, Predicate<Path> ours) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(ours).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
