package org.md4j.file;

/**
 * Writes a text that may hold line ends and other signs that control a terminal as one line of
 * visible ones.
 */
public final class OneLine {
  private static final char LINE_END = '\u21b5';

  /** The pictures of the control characters begin here, in their order. */
  private static final char PICTURES = '\u2400';

  private static final char PICTURE_OF_DELETE = '\u2421';
  private static final char DELETE = '\u007f';
  private static final char REPLACEMENT = '\ufffd';

  private OneLine() {}

  /** Returns the text with a visible sign in place of each line end and control character. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.replace("\r\n", "\n").chars().forEach(c -> line.append(visible((char) c)));
    return line.toString();
  }

  private static char visible(char c) {
    return switch (c) {
      case '\n', '\r', '\u0085', '\u2028', '\u2029' -> LINE_END;
      case DELETE -> PICTURE_OF_DELETE;
      default -> {
        if (!Character.isISOControl(c)) {
          yield c;
        }
        yield c < ' ' ? (char) (PICTURES + c) : REPLACEMENT;
      }
    };
  }
}
