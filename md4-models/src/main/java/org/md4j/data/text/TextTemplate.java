package org.md4j.data.text;

import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.Template;

/** Templates for infilling written as text: {@code the c_t s_t on the ___}. */
public final class TextTemplate {
  private static final char BLANK = '_';

  private TextTemplate() {}

  /**
   * The template that a text spells: {@code _} is a blank, every other character the token of that
   * symbol. The reverse of {@link Tokenizer#decode}, which writes a mask as {@code _}.
   *
   * @param tokenizer with one token a character
   * @throws DataException if the text is empty, holds no blank, or holds another symbol that the
   *     tokenizer does not know; names symbol and position
   */
  public static Template parse(Tokenizer tokenizer, String text) {
    int mask = tokenizer.vocabulary().maskId();
    if (text.indexOf(BLANK) < 0) {
      throw new DataException(
          "template (%s) must hold at least one blank, written %c, got none"
              .formatted(text, BLANK));
    }
    // Some known symbol stands in for the blanks, so that positions in an error are the text's own.
    String filled = text.replace(String.valueOf(BLANK), tokenizer.decode(new int[] {0}));
    int[] tokens = tokenizer.encode(filled);
    if (filled.length() != text.length() || tokens.length != text.length()) {
      throw new IllegalArgumentException(
          "tokenizer must have one token a character, got %d tokens for %d characters"
              .formatted(tokens.length, filled.length()));
    }
    for (int n = 0; n < tokens.length; n++) {
      if (text.charAt(n) == BLANK) {
        tokens[n] = mask;
      }
    }
    return Template.of(tokenizer.vocabulary(), tokens);
  }
}
