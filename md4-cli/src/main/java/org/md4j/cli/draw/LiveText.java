package org.md4j.cli.draw;

import java.io.PrintStream;
import java.util.Arrays;
import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.SamplingListener;

/**
 * Draws rows of text in a terminal and redraws them in place as their tokens are unmasked: masks
 * dim, tokens that just appeared bold, and in a row with given tokens those filled in coloured.
 */
public final class LiveText implements SamplingListener {
  static final int COLUMNS = 64;

  private static final String CLEAR_TO_LINE_END = "\u001b[K";
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String CYAN = "\u001b[36m";
  private static final String PLAIN = "\u001b[0m";
  private static final int MOST_LINES = 20;

  private final PrintStream out;
  private final Tokenizer tokenizer;
  private final TokenBatch start;
  private TokenBatch shown;

  /** Draws the rows as they are before the first round, where the cursor is. */
  public LiveText(PrintStream out, Tokenizer tokenizer, TokenBatch start) {
    this.out = out;
    this.tokenizer = tokenizer;
    this.start = start;
    this.shown = start;
    draw(new StringBuilder(), start);
  }

  /** A text that is done, in one piece, with what was filled in between given tokens coloured. */
  static String coloured(DrawnRow drawn, Tokenizer tokenizer) {
    int mask = tokenizer.vocabulary().maskId();
    String text = tokenizer.decode(drawn.tokens());
    if (Arrays.stream(drawn.start()).allMatch(token -> token == mask)) {
      return text;
    }
    StringBuilder line = new StringBuilder();
    for (int n = 0; n < drawn.start().length; n++) {
      char symbol = text.charAt(n);
      line.append(drawn.start()[n] == mask ? CYAN + symbol + PLAIN : String.valueOf(symbol));
    }
    return line.toString();
  }

  /** How many rows of a length fit on a usual screen; 0 if not even one does. */
  public static int rowsThatFit(int length) {
    return MOST_LINES / (linesOf(length) + 1);
  }

  @Override
  public void onRound(TokenBatch tokens) {
    StringBuilder frame = new StringBuilder();
    int lines = start.rows() * (linesOf(start.length()) + 1);
    draw(frame.append("\u001b[").append(lines).append('A'), tokens);
  }

  private void draw(StringBuilder frame, TokenBatch tokens) {
    for (int row = 0; row < tokens.rows(); row++) {
      appendRow(frame, tokens, row);
    }
    out.print(frame);
    out.flush();
    shown = tokens;
  }

  private void appendRow(StringBuilder frame, TokenBatch tokens, int row) {
    String text = tokenizer.decode(tokens.row(row));
    int mask = start.vocabulary().maskId();
    boolean infilling = Arrays.stream(start.row(row)).anyMatch(token -> token != mask);
    String style = PLAIN;
    for (int n = 0; n < text.length(); n++) {
      String wanted = style(tokens, row * tokens.length() + n, infilling);
      if (!wanted.equals(style)) {
        frame.append(PLAIN).append(wanted.equals(PLAIN) ? "" : wanted);
        style = wanted;
      }
      frame.append(text.charAt(n));
      if ((n + 1) % COLUMNS == 0 && n + 1 < text.length()) {
        frame.append(CLEAR_TO_LINE_END).append('\n');
      }
    }
    frame.append(PLAIN).append(CLEAR_TO_LINE_END).append('\n');
    frame.append(CLEAR_TO_LINE_END).append('\n');
  }

  private String style(TokenBatch tokens, int cell, boolean infilling) {
    if (tokens.isMasked(cell)) {
      return DIM;
    }
    String filled = infilling && start.isMasked(cell) ? CYAN : "";
    String fresh = tokens.token(cell) != shown.token(cell) ? BOLD : "";
    return filled.isEmpty() && fresh.isEmpty() ? PLAIN : filled + fresh;
  }

  private static int linesOf(int length) {
    return (length + COLUMNS - 1) / COLUMNS;
  }
}
