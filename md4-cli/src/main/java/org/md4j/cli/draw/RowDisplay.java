package org.md4j.cli.draw;

import org.md4j.cli.terminal.Terminal;
import org.md4j.data.Tokenizer;
import org.md4j.file.OneLine;
import org.md4j.sampling.RowObserver;

/** Shows texts or pictures while they are drawn and when they are done. */
public final class RowDisplay {
  private RowDisplay() {}

  /** Texts: unmasked live where the terminal is watched, a line each where it is not. */
  public static RowObserver ofText(Terminal terminal, Tokenizer tokenizer) {
    return terminal.liveOut()
        ? new LiveDisplay(terminal.out(), terminal.columns(), tokenizer)
        : new PlainDisplay(
            row -> terminal.out().println(OneLine.of(tokenizer.decode(row.tokens()))));
  }

  /** Texts, a line each when it is done, as long as somebody takes the lines. */
  public static RowObserver ofLines(Terminal terminal, Tokenizer tokenizer) {
    return new PlainDisplay(
        row -> {
          terminal.out().println(OneLine.of(tokenizer.decode(row.tokens())));
          terminal.requireOut();
        });
  }

  /** Pictures: a line that says how far they are where the terminal is watched. */
  public static RowObserver ofPictures(Terminal terminal, int count) {
    return terminal.liveErr()
        ? new PictureProgress(terminal.err(), terminal.columns(), count)
        : RowObserver.none();
  }
}
