package org.md4j.data.text;

import org.md4j.data.DataException;

/** Checks text for half surrogate pairs, which UTF-8 cannot write. */
final class Surrogates {
  private Surrogates() {}

  /**
   * Rejects half a pair.
   *
   * @throws DataException naming it and its position
   */
  static void requireWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (isPair(text, i)) {
        i++;
        continue;
      }
      throw new DataException(
          "text holds the symbol 0x%04X at position %d, half a surrogate pair: give both halves"
              .formatted((int) text.charAt(i), i));
    }
  }

  /**
   * Returns a text with U+FFFD in place of every half of a pair; the text itself if it has none.
   */
  static String mended(String text) {
    StringBuilder mended = new StringBuilder();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (isPair(text, i)) {
        i++;
        continue;
      }
      mended.append(text, from, i).append('\ufffd');
      from = i + 1;
    }
    return from == 0 ? text : mended.append(text, from, text.length()).toString();
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }
}
