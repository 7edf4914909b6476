package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextPiecesTest {
  private static List<String> pieces(String text) throws IOException {
    TextPieces pieces = new TextPieces(new StringReader(text));
    List<String> all = new ArrayList<>();
    for (String next = pieces.next(); next != null; next = pieces.next()) {
      all.add(next);
    }
    return all;
  }

  @Test
  void cutsAfterALetterAndBeforeWhiteSpace() throws IOException {
    String text = ("words" + " ".repeat(7) + "\n").repeat(200_000);

    List<String> pieces = pieces(text);

    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).hasSizeGreaterThan(5);
    for (String piece : pieces.subList(1, pieces.size())) {
      assertThat(piece.charAt(0)).isEqualTo(' ');
    }
    for (String piece : pieces.subList(0, pieces.size() - 1)) {
      assertThat(piece).endsWith("s").hasSizeLessThan(TextPieces.USUAL + 100);
    }
  }

  @Test
  void cutsAWordWithoutEndButNoSurrogatePair() throws IOException {
    String text = "x" + "\ud83d\ude00".repeat(TextPieces.LONGEST);

    List<String> pieces = pieces(text);

    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces.get(0)).hasSize(TextPieces.LONGEST - 1);
    assertThat(pieces).noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
  }

  @Test
  void aShortTextIsOnePieceAndNoTextNone() throws IOException {
    assertThat(pieces(" a b ")).containsExactly(" a b ");
    assertThat(pieces("")).isEmpty();
  }
}
