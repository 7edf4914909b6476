package org.md4j.cli.draw;

import org.md4j.cli.terminal.Terminal;
import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.SamplingListener;

/** Shows texts or pictures while they are drawn and when they are done. */
public interface RowDisplay {
  /** How many rows of a length are best drawn together. */
  int rowsTogether(int length);

  /** Watches rows being drawn from their start. */
  SamplingListener watch(TokenBatch start);

  /** A row is done; told in the order they were asked for. */
  void show(DrawnRow row);

  /** Texts: unmasked live where the terminal is watched, a line each where it is not. */
  static RowDisplay ofText(Terminal terminal, Tokenizer tokenizer) {
    return terminal.liveOut()
        ? new LiveDisplay(terminal.out(), tokenizer)
        : new PlainDisplay(row -> terminal.out().println(tokenizer.decode(row.tokens())));
  }

  /** Pictures: a line that says how far they are where the terminal is watched. */
  static RowDisplay ofPictures(Terminal terminal, int count) {
    return terminal.liveErr() ? new PictureProgress(terminal.err(), count) : none();
  }

  /** Shows nothing. */
  static RowDisplay none() {
    return new PlainDisplay(row -> {});
  }
}
