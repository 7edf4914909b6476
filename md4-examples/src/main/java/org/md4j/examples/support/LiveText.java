package org.md4j.examples.support;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.SamplingListener;

/**
 * Draws rows of text in a terminal and redraws them in place as their tokens are unmasked: masks
 * dim, tokens that just appeared bold.
 */
public final class LiveText implements SamplingListener {
  static final int COLUMNS = 64;

  private static final String CLEAR_TO_LINE_END = "\u001b[K";
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";
  private static final int MOST_LINES = 20;

  private final PrintStream out;
  private final Tokenizer tokenizer;
  private @Nullable TokenBatch shown;

  /** A drawing that starts where the cursor is. */
  public LiveText(PrintStream out, Tokenizer tokenizer) {
    this.out = out;
    this.tokenizer = tokenizer;
  }

  /** How many rows of a length fit on a usual screen; 0 if not even one does. */
  public static int rowsThatFit(int length) {
    return MOST_LINES / (linesOf(length) + 1);
  }

  @Override
  public void onRound(TokenBatch tokens) {
    TokenBatch before = shown;
    boolean last = tokens.maskedPositions().length == 0;
    StringBuilder frame = new StringBuilder();
    if (before != null) {
      frame.append("\u001b[").append(before.rows() * (linesOf(before.length()) + 1)).append('A');
    }
    for (int row = 0; row < tokens.rows(); row++) {
      appendRow(frame, before, tokens, row, last);
    }
    out.print(frame);
    out.flush();
    shown = tokens;
  }

  private void appendRow(
      StringBuilder frame, @Nullable TokenBatch before, TokenBatch tokens, int row, boolean last) {
    String text = tokenizer.decode(tokens.row(row));
    int mask = tokens.vocabulary().maskId();
    String style = PLAIN;
    for (int n = 0; n < text.length(); n++) {
      boolean masked = tokens.token(row, n) == mask;
      boolean fresh = !masked && !last && before != null && before.token(row, n) == mask;
      String wanted = masked ? DIM : fresh ? BOLD : PLAIN;
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

  private static int linesOf(int length) {
    return (length + COLUMNS - 1) / COLUMNS;
  }
}
