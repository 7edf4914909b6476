package org.md4j.cli.option;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.page.SamplingReport;
import org.md4j.cli.run.RunKind;
import org.md4j.cli.terminal.CommandException;
import picocli.CommandLine.Option;

/** The options that say how many texts or pictures to draw and where they go. */
public final class DrawingFlags {
  private static final int TEXTS = 3;
  private static final int PICTURES = 16;

  @Option(
      names = "--count",
      paramLabel = "NUMBER",
      description =
          "Texts or pictures to draw. Default: " + TEXTS + " texts or " + PICTURES + " pictures.")
  private @Nullable Integer count;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description = "Decides every draw. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "A new file for the texts, one a line, or a PNG file for the pictures. Default: none,"
              + " texts are only shown; samples-<time>.png or infill-<time>.png in the run folder"
              + " for pictures.")
  private @Nullable Path out;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "A new HTML file that shows every step: one page, nothing loaded from anywhere. Default:"
              + " none.")
  private @Nullable Path report;

  @Option(
      names = "--quiet",
      description =
          "Print results alone: texts, the name of the file of pictures, or the line of --json."
              + " Default: off.")
  private boolean quiet;

  @Option(
      names = "--json",
      description = "End the output with one line of JSON: settings, texts, cost. Default: off.")
  private boolean json;

  /** Returns how many to draw, by default few texts or a grid of pictures. */
  public int count(RunKind kind) {
    return requireNonNullElse(count, kind.isText() ? TEXTS : PICTURES);
  }

  /** Returns the seed of every draw. */
  public long seed() {
    return seed;
  }

  /** Returns the file that samples go to, or null. */
  public @Nullable Path out() {
    return out;
  }

  /** Returns the file of the HTML page, or null. */
  public @Nullable Path report() {
    return report;
  }

  /** Returns whether nothing but the line of JSON is to be printed. */
  public boolean jsonAlone() {
    return quiet && json;
  }

  /** Returns whether results alone are to be printed. */
  public boolean quiet() {
    return quiet;
  }

  /** Returns whether the output is to end with a line of JSON. */
  public boolean json() {
    return json;
  }

  /**
   * Checks where they are to go.
   *
   * @param kind of the run
   * @param length tokens of the longest
   * @throws CommandException if a file is in the way or its folder is missing
   */
  public void check(RunKind kind, int length) {
    if (count != null && count < 1) {
      throw new CommandException("--count (" + count + ") must be at least 1");
    }
    requireNew("--out", out);
    requireNew("--report", report);
    if (out != null && report != null && out.toAbsolutePath().equals(report.toAbsolutePath())) {
      throw new CommandException(
          "--report (" + report + ") must be another file than --out, got the same");
    }
    if (report != null && length > SamplingReport.LONGEST) {
      throw new CommandException(
          "a %s of %d %s is too long for --report: at most %d"
              .formatted(
                  kind.isText() ? "text" : "picture",
                  length,
                  kind.tokens(),
                  SamplingReport.LONGEST));
    }
  }

  static void requireNew(String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    if (Files.isRegularFile(file) || Files.isDirectory(file)) {
      throw new CommandException(
          option + " (" + file + ") must be a new file, got one that exists");
    }
    if (Files.exists(file)) {
      return; // A pipe or a terminal takes what it is given.
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandException(option + " (" + file + ") must be in a folder that exists");
    }
    if (!Files.isWritable(folder)) {
      throw new CommandException(
          "%s (%s) must be where files may be written, got no permission for %s"
              .formatted(option, file, folder));
    }
  }
}
