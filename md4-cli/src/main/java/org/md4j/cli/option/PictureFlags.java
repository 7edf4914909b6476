package org.md4j.cli.option;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.terminal.CommandException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of drawing from nothing that mean something to pictures only. */
public final class PictureFlags {
  private static final int COLUMNS = 4;

  @Option(
      names = "--columns",
      paramLabel = "NUMBER",
      description = "Pictures only. In a row of the grid. Default: " + COLUMNS + ".")
  private @Nullable Integer columns;

  @Option(
      names = "--each",
      paramLabel = "FOLDER",
      description =
          "Pictures only. A new folder for a PNG file of each, a pixel a pixel. Default: none.")
  private @Nullable Path each;

  @Mixin private ClassFlags classes = new ClassFlags();

  /** Pictures in a row of a grid. */
  public int columns() {
    return requireNonNullElse(columns, COLUMNS);
  }

  /** Where single pictures go, or null. */
  public @Nullable Path each() {
    return each;
  }

  /** What they are to show. */
  public ClassFlags classes() {
    return classes;
  }

  /** Checks what can be checked without a run. */
  public void check() {
    if (columns() < 1) {
      throw new CommandException("--columns (" + columns() + ") must be at least 1");
    }
    DrawingFlags.requireNew("--each", each);
    classes.check();
  }

  /** Checks that none is given. */
  public void requireNone() {
    requireAbsent("--columns", columns);
    requireAbsent("--each", each);
    classes.requireNone();
  }

  /** Checks that an option of pictures is not given to a run that draws texts. */
  public static void requireAbsent(String option, @Nullable Object value) {
    if (value != null) {
      throw new CommandException(option + " is of no use to this run, which draws texts");
    }
  }
}
