package org.md4j.data.text;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a long text into pieces that a tokenizer of byte pairs encodes to what it makes of the
 * whole.
 *
 * <p>A piece ends after a letter or sign and before white space: no rule by which GPT-2's tokenizer
 * cuts words joins these two, or looks back beyond them. A stretch of {@value #LONGEST} characters
 * without such a place is cut where it is, but never inside a surrogate pair.
 */
final class TextPieces {
  /** The characters from which on a piece ends at the next place where it may. */
  static final int USUAL = 1 << 18;

  static final int LONGEST = 1 << 20;

  private final Reader reader;
  private final char[] buffer = new char[LONGEST];
  private int filled;
  private boolean ended;

  TextPieces(Reader reader) {
    this.reader = reader;
  }

  /** Returns the next piece, not empty; null after the last. */
  @Nullable String next() throws IOException {
    while (filled < LONGEST && !ended) {
      int count = reader.read(buffer, filled, LONGEST - filled);
      ended = count < 0;
      filled += Math.max(0, count);
    }
    if (filled == 0) {
      return null;
    }
    int end = ended && filled <= USUAL ? filled : end();
    String piece = new String(buffer, 0, end);
    System.arraycopy(buffer, end, buffer, 0, filled - end);
    filled -= end;
    return piece;
  }

  private int end() {
    for (int i = USUAL; i < filled; i++) {
      boolean space = buffer[i] == ' ' || buffer[i] == '\n' || buffer[i] == '\t';
      if (space && Character.isLetterOrDigit(buffer[i - 1])) {
        return i;
      }
    }
    return !ended && Character.isHighSurrogate(buffer[filled - 1]) ? filled - 1 : filled;
  }
}
