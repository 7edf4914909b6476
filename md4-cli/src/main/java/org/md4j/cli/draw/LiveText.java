package org.md4j.cli.draw;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jline.utils.WCWidth;
import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.file.OneLine;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.SamplingListener;

/**
 * Draws rows of text in a terminal and redraws them in place as their tokens are unmasked: masks
 * dim, tokens that just appeared bold, and in a row with given tokens those filled in coloured.
 */
public final class LiveText implements SamplingListener {
  /** The columns of a line, of a terminal that has as many. */
  static final int COLUMNS = 64;

  private static final String CLEAR_TO_LINE_END = "\u001b[K";
  private static final String CLEAR_TO_SCREEN_END = "\u001b[J";
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String CYAN = "\u001b[36m";
  private static final String PLAIN = "\u001b[0m";
  private static final int MOST_LINES = 20;

  private final PrintStream out;
  private final int width;
  private final Tokenizer tokenizer;
  private final TokenBatch start;
  private TokenBatch shown;
  private int lines;

  /**
   * Draws the rows as they are before the first round, where the cursor is.
   *
   * @param columns of the terminal
   */
  public LiveText(PrintStream out, int columns, Tokenizer tokenizer, TokenBatch start) {
    this.out = out;
    this.width = width(columns);
    this.tokenizer = tokenizer;
    this.start = start;
    this.shown = start;
    draw(new StringBuilder(), start);
  }

  /** A text that is done, in one piece, with what was filled in between given tokens coloured. */
  static String coloured(DrawnRow drawn, Tokenizer tokenizer) {
    int mask = tokenizer.vocabulary().maskId();
    boolean infilling = Arrays.stream(drawn.start()).anyMatch(token -> token != mask);
    StringBuilder line = new StringBuilder();
    for (Run run :
        runs(
            drawn.tokens(), n -> infilling && drawn.start()[n] == mask ? CYAN : PLAIN, tokenizer)) {
      line.append(run.style().equals(PLAIN) ? run.text() : run.style() + run.text() + PLAIN);
    }
    return line.toString();
  }

  /** Consecutive tokens of one style, spelled together. */
  private record Run(String style, String text) {}

  private static List<Run> runs(int[] tokens, IntFunction<String> style, Tokenizer tokenizer) {
    List<Run> runs = new ArrayList<>();
    int to;
    for (int from = 0; from < tokens.length; from = to) {
      String same = style.apply(from);
      to = from + 1;
      while (to < tokens.length && style.apply(to).equals(same)) {
        to++;
      }
      runs.add(new Run(same, OneLine.of(spelled(tokens, from, to, tokenizer))));
    }
    return runs;
  }

  /**
   * What some tokens of a row add to the text of those before them, so that spaces which a
   * tokenizer leaves out at the start of a text are there; the text of the tokens alone where they
   * mend a letter that was begun.
   */
  private static String spelled(int[] tokens, int from, int to, Tokenizer tokenizer) {
    String before = tokenizer.decode(Arrays.copyOf(tokens, from));
    String all = tokenizer.decode(Arrays.copyOf(tokens, to));
    return all.startsWith(before)
        ? all.substring(before.length())
        : tokenizer.decode(Arrays.copyOfRange(tokens, from, to));
  }

  /**
   * How many rows of so many characters fit on a screen of a usual height; 0 if not even one does.
   *
   * @param columns of the terminal
   */
  public static int rowsThatFit(int characters, int columns) {
    int width = width(columns);
    return MOST_LINES / ((characters + width - 1) / width + 1);
  }

  private static int width(int columns) {
    return Math.min(COLUMNS, columns - 1); // The last column would be cleared with the line's end.
  }

  @Override
  public void onRound(TokenBatch tokens) {
    draw(new StringBuilder("\u001b[").append(lines).append('A'), tokens);
  }

  private void draw(StringBuilder frame, TokenBatch tokens) {
    lines = 0;
    for (int row = 0; row < tokens.rows(); row++) {
      appendRow(frame, tokens, row);
    }
    out.print(frame.append(CLEAR_TO_SCREEN_END));
    out.flush();
    shown = tokens;
  }

  private void appendRow(StringBuilder frame, TokenBatch tokens, int row) {
    int mask = start.vocabulary().maskId();
    boolean infilling = Arrays.stream(start.row(row)).anyMatch(token -> token != mask);
    int first = row * tokens.length();
    int column = 0;
    for (Run run : runs(tokens.row(row), n -> style(tokens, first + n, infilling), tokenizer)) {
      boolean styled = !run.style().equals(PLAIN);
      frame.append(styled ? PLAIN + run.style() : "");
      for (int letter : run.text().codePoints().toArray()) {
        int columns = Math.max(0, WCWidth.wcwidth(letter));
        if (column + columns > width) {
          endLine(frame);
          column = 0;
        }
        frame.appendCodePoint(letter);
        column += columns;
      }
      frame.append(styled ? PLAIN : "");
    }
    endLine(frame);
    endLine(frame);
  }

  private void endLine(StringBuilder frame) {
    frame.append(CLEAR_TO_LINE_END).append('\n');
    lines++;
  }

  private String style(TokenBatch tokens, int cell, boolean infilling) {
    if (tokens.isMasked(cell)) {
      return DIM;
    }
    String filled = infilling && start.isMasked(cell) ? CYAN : "";
    String fresh = tokens.token(cell) != shown.token(cell) ? BOLD : "";
    return filled.isEmpty() && fresh.isEmpty() ? PLAIN : filled + fresh;
  }
}
