package org.md4j.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.md4j.data.Tokenizer;

/** The pieces in which a judge reads a text. */
final class JudgedPieces {
  private JudgedPieces() {}

  /**
   * Encodes a text and cuts it into pieces one after another; one token left over is no piece.
   *
   * @param tokenizer of the judge, whose end of text goes between parts
   * @param parts of the text
   * @param longest tokens of a piece, at least two
   */
  static List<int[]> of(Tokenizer tokenizer, List<String> parts, int longest) {
    IntStream.Builder all = IntStream.builder();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        tokenizer.endOfText().ifPresent(all::add);
      }
      Arrays.stream(tokenizer.encode(parts.get(i))).forEach(all::add);
    }
    int[] tokens = all.build().toArray();
    List<int[]> pieces = new ArrayList<>();
    for (int from = 0; from + 1 < tokens.length; from += longest) {
      pieces.add(Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + longest)));
    }
    return pieces;
  }
}
