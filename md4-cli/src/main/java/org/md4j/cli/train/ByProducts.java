package org.md4j.cli.train;

import java.io.IOException;
import java.nio.file.Path;
import org.md4j.cli.terminal.Terminal;
import org.md4j.file.FailureText;

/**
 * Writes what a run can do without, plots and samples: where one cannot be written, a line says so
 * and the run goes on.
 *
 * @param terminal where it is said
 */
record ByProducts(Terminal terminal) {
  /** Writes one. */
  @FunctionalInterface
  interface Writing {
    /** Writes the file. */
    void to(Path file) throws IOException;
  }

  /** Writes a file, or says that it was not. */
  void write(Path file, Writing writing) {
    try {
      writing.to(file);
    } catch (IOException e) {
      say(file, FailureText.of(e));
    } catch (RuntimeException e) { // What draws has failures of its own, of fonts for one.
      say(file, e.getMessage() == null ? "drawing failed" : e.getMessage());
    }
  }

  private void say(Path file, String why) {
    terminal.err().println("%s is not written, the run goes on without: %s".formatted(file, why));
  }
}
