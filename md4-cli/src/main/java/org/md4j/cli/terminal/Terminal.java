package org.md4j.cli.terminal;

import java.io.PrintStream;
import java.util.List;

/**
 * The two streams of a command and whether a reader watches them live.
 *
 * <p>Java cannot tell whether a stream is a terminal; the launcher can, and says so in the system
 * properties {@code md4.terminal}, a comma-separated list of {@code out} and {@code err}, and
 * {@code md4.columns}. Without them both streams are taken for files, which is always safe.
 *
 * @param out results
 * @param err progress and mistakes
 * @param liveOut whether {@code out} understands ANSI cursor movement; never where there are fewer
 *     than {@value #LEAST_COLUMNS} columns, in which nothing fits
 * @param liveErr whether {@code err} does
 * @param columns width of the terminal
 */
public record Terminal(
    PrintStream out, PrintStream err, boolean liveOut, boolean liveErr, int columns) {
  private static final int USUAL_COLUMNS = 80;
  private static final int LEAST_COLUMNS = 20;

  /** Takes what is too narrow for a file. */
  public Terminal {
    liveOut &= columns >= LEAST_COLUMNS;
    liveErr &= columns >= LEAST_COLUMNS;
  }

  /** The process's own streams. */
  public static Terminal system() {
    List<String> live = List.of(System.getProperty("md4.terminal", "").split(",", -1));
    return new Terminal(
        System.out,
        System.err,
        live.contains("out"),
        live.contains("err"),
        Integer.getInteger("md4.columns", USUAL_COLUMNS));
  }

  /**
   * Checks that what was printed has arrived.
   *
   * @throws CommandException if the output is closed, as after {@code | head}, or full
   */
  public void requireOut() {
    if (out.checkError()) {
      throw new CommandException(
          "standard output must take what is printed, and does not: it is closed or full");
    }
  }

  /** Two streams nobody watches. */
  public static Terminal plain(PrintStream out, PrintStream err) {
    return new Terminal(out, err, false, false, USUAL_COLUMNS);
  }
}
