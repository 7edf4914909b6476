package org.md4j.cli.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.md4j.cli.run.RunFolder;
import org.md4j.cli.terminal.CommandException;
import picocli.CommandLine.Option;

/** The option that says where the results of a study go. */
public final class StudyOut {
  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description =
          "A new or empty folder for the results. The table is there after each of its rows.")
  private Path out = Path.of("");

  /**
   * Checks that the folder is free and can be written to; writes nothing.
   *
   * @throws CommandException if there is something in it or in the way of it
   */
  public void check() throws IOException {
    RunFolder folder = new RunFolder(out);
    folder.requireWritable();
    if (!folder.isFree()) {
      throw new CommandException("--out (" + out + ") must be a new or empty folder");
    }
  }

  /** The folder, made if it is new. */
  public Path folder() throws IOException {
    return Files.createDirectories(out);
  }
}
