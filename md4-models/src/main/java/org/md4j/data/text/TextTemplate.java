package org.md4j.data.text;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.Template;

/** Templates for infilling written as text: {@code the c_t s_t on the ___}. */
public final class TextTemplate {
  private TextTemplate() {}

  /**
   * Parses the template that a text spells: every {@link Tokenizer#blank} is one token to fill in,
   * and what stands between blanks is encoded, piece by piece. The reverse of {@link
   * Tokenizer#decode}, which writes a mask as a blank.
   *
   * <p>Blanks count tokens, not characters: for a tokenizer of words or parts of them {@code the __
   * of} has room for two. Where tokens {@link Tokenizer#joinsSpaces() hold the space before them},
   * one space before a blank is part of it: what fills {@code the _ of} is a word with its space,
   * and {@code the _ _ of} has room for two tokens just as {@code the __ of} has.
   *
   * @throws DataException if the text is empty, holds no blank, or holds another symbol that the
   *     tokenizer does not know; names symbol and position
   */
  public static Template parse(Tokenizer tokenizer, String text) {
    String blank = tokenizer.blank();
    if (!text.contains(blank)) {
      throw new DataException(
          "template (%s) must hold at least one blank, written %s, got none"
              .formatted(text, blank));
    }
    IntStream.Builder tokens = IntStream.builder();
    int from = 0;
    for (int at = text.indexOf(blank); at >= 0; at = text.indexOf(blank, from)) {
      boolean joined = tokenizer.joinsSpaces() && at > from && text.charAt(at - 1) == ' ';
      Arrays.stream(encode(tokenizer, text, from, joined ? at - 1 : at)).forEach(tokens);
      tokens.add(tokenizer.vocabulary().maskId());
      from = at + blank.length();
    }
    Arrays.stream(encode(tokenizer, text, from, text.length())).forEach(tokens);
    return Template.of(tokenizer.vocabulary(), tokens.build().toArray());
  }

  private static int[] encode(Tokenizer tokenizer, String text, int from, int to) {
    if (from == to) {
      return new int[0];
    }
    try {
      return tokenizer.encode(text.substring(from, to));
    } catch (DataException e) {
      // Its position is the piece's. The whole text, some known symbol in place of each blank, is
      // refused too, with positions that are the text's own.
      String known = tokenizer.decode(new int[] {0});
      if (known.length() == tokenizer.blank().length()) {
        tokenizer.encode(text.replace(tokenizer.blank(), known));
      }
      throw e;
    }
  }
}
