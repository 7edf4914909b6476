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
 * @param tokenizer spells the tokens
 */
record LiveDisplay(PrintStream out, Tokenizer tokenizer) implements RowObserver {
  @Override
  public int rowsTogether(int length) {
    return fits(length) ? LiveText.rowsThatFit(length) : ROWS_TOGETHER;
  }

  @Override
  public SamplingListener watch(TokenBatch start) {
    return fits(start.length()) ? new LiveText(out, tokenizer, start) : SamplingListener.none();
  }

  @Override
  public void onRow(DrawnRow text) {
    if (!fits(text.start().length)) {
      out.println(LiveText.coloured(text, tokenizer));
    }
  }

  private static boolean fits(int length) {
    return LiveText.rowsThatFit(length) > 0;
  }
}
