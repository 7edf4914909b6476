package org.md4j.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The pieces in which a judge reads a text. */
final class JudgedPieces {
  private JudgedPieces() {}

  /**
   * Cuts a text into pieces one after another; one token left over is no piece.
   *
   * @param judge whose context it is
   * @param tokens of the text, at least two
   * @param longest tokens of a piece, at least two
   */
  static List<int[]> of(String judge, int[] tokens, int longest) {
    if (tokens.length < 2) {
      throw new IllegalArgumentException(
          "text must have at least two tokens to be judged by %s, got %d"
              .formatted(judge, tokens.length));
    }
    List<int[]> pieces = new ArrayList<>();
    for (int from = 0; from + 1 < tokens.length; from += longest) {
      pieces.add(Arrays.copyOfRange(tokens, from, Math.min(tokens.length, from + longest)));
    }
    return pieces;
  }
}
