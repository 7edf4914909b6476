package org.md4j.cli.draw;

/** Writes a text that may have several lines as one. */
public final class OneLine {
  private static final String LINE_END = "\u21b5";

  private OneLine() {}

  /** Returns the text with a visible sign in place of each line end. */
  public static String of(String text) {
    return text.replace("\r\n", LINE_END).replace("\n", LINE_END).replace("\r", LINE_END);
  }
}
