package org.md4j.examples.support;

import org.md4j.core.TokenBatch;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.SamplingListener;

/** Shows texts while they are drawn and when they are done. */
public interface TextDisplay {
  /** How many rows of a length are best drawn together. */
  int rowsTogether(int length);

  /** Watches rows being drawn from their start. */
  SamplingListener watch(TokenBatch start);

  /** A text is done; told in the order the texts were asked for. */
  void show(DrawnText text);

  /** Unmasked live where the terminal is watched, a line each where it is not. */
  static TextDisplay on(Terminal terminal, Tokenizer tokenizer) {
    return terminal.liveOut()
        ? new LiveDisplay(terminal.out(), tokenizer)
        : new PlainDisplay(text -> terminal.out().println(text));
  }

  /** Shows nothing. */
  static TextDisplay none() {
    return new PlainDisplay(text -> {});
  }
}
