package org.md4j.cli.draw;

import java.io.PrintStream;
import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.DrawnRow;
import org.md4j.sampling.RowObserver;
import org.md4j.sampling.SamplingListener;

/**
 * Texts unmasked in place, as many at a time as fit on the screen; a text that does not fit is
 * printed when it is done.
 *
 * @param out a terminal
 * @param columns of the terminal
 * @param tokenizer spells the tokens
 */
record LiveDisplay(PrintStream out, int columns, Tokenizer tokenizer) implements RowObserver {
  /** More than the 4.4 that English text has to a token of GPT-2. */
  private static final int CHARACTERS_OF_A_WORD = 6;

  @Override
  public int rowsTogether(int length) {
    return fits(length) ? rowsThatFit(length) : ROWS_TOGETHER;
  }

  @Override
  public SamplingListener watch(TokenBatch start) {
    return fits(start.length())
        ? new LiveText(out, columns, tokenizer, start)
        : SamplingListener.none();
  }

  @Override
  public void onRow(DrawnRow text) {
    if (!fits(text.start().length)) {
      out.println(LiveText.coloured(text, tokenizer));
    }
  }

  private boolean fits(int length) {
    return rowsThatFit(length) > 0;
  }

  private int rowsThatFit(int length) {
    return LiveText.rowsThatFit(characters(length), columns);
  }

  /** The characters of a row, at most in all likelihood. */
  private int characters(int length) {
    return tokenizer.joinsSpaces() ? length * CHARACTERS_OF_A_WORD : length;
  }
}
