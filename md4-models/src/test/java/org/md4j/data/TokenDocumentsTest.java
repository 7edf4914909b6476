package org.md4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.md4j.contract.RowSourceContract;
import org.md4j.core.RowSource;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

class TokenDocumentsTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(10);
  private static final TokenizerIdentity TOKENIZER =
      new TokenizerIdentity("words", Sha256.of("words"));

  private final TokenDocuments documents =
      documents(new int[] {1, 2, 3, 4, 5}, new int[] {}, new int[] {6}, new int[] {7, 8, 9});

  @Nested
  class Chunks extends RowSourceContract {
    @Override
    protected RowSource source() {
      return documents.chunks(2);
    }
  }

  @Nested
  class Windows extends RowSourceContract {
    @Override
    protected RowSource source() {
      return documents.part(0, 3).windows(2);
    }
  }

  @Test
  void documentsAreWhatWasGiven() {
    assertThat(documents.size()).isEqualTo(4);
    assertThat(tokens(documents.document(0))).containsExactly(1, 2, 3, 4, 5);
    assertThat(documents.document(1).length()).isZero();
    assertThat(tokens(documents.document(3))).containsExactly(7, 8, 9);
    assertThatThrownBy(() -> documents.document(4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void rowsDoNotCrossDocumentsAndRestsAreDropped() {
    assertThat(rows(documents.chunks(2)))
        .containsExactly(List.of(1, 2), List.of(3, 4), List.of(7, 8));
    assertThat(rows(documents.chunks(1))).hasSize(9);
    assertThat(rows(documents.windows(3)))
        .containsExactly(List.of(1, 2, 3), List.of(2, 3, 4), List.of(3, 4, 5), List.of(7, 8, 9));
    assertThat(documents.chunks(2).name()).isEqualTo("t, chunks of 2 within documents");
  }

  @Test
  void rowsAreChecked() {
    assertThatThrownBy(() -> documents.chunks(6))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("document of length 6, the longest of 4 has 5 tokens");
    assertThatThrownBy(() -> documents.chunks(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> documents.chunks(2).row(3, new int[2]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> documents.chunks(2).row(0, new int[3]))
        .hasMessage("into must have shape [N] = [2], got [3]");
  }

  @Test
  void splitsAreOfDocuments() {
    DocumentSplits splits = documents.split(0.5, 0.25);

    assertThat(splits.train().size()).isEqualTo(2);
    assertThat(tokens(splits.valid().document(0))).containsExactly(6);
    assertThat(rows(splits.test().chunks(3))).containsExactly(List.of(7, 8, 9));
    assertThat(splits.test().name()).isEqualTo("t, documents [3, 4)");
    assertThat(splits.test().sha256()).isEqualTo(documents.sha256());
    assertThatThrownBy(() -> splits.valid().chunks(2)).isInstanceOf(DataException.class);
  }

  @Test
  void joinedDocumentsAreOneStreamWithASeparatorAfterEach() {
    assertThat(tokens(documents.joined(0))).containsExactly(1, 2, 3, 4, 5, 0, 0, 6, 0, 7, 8, 9, 0);
    assertThat(tokens(documents.part(2, 4).joined(5))).containsExactly(6, 5, 7, 8, 9, 5);
    assertThatThrownBy(() -> documents.joined(10))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("token (10) at index 5");
  }

  @Test
  void endsArePartOfTheIdentity() {
    TokenSequence tokens = TokenSequence.of(VOCABULARY, "t", new byte[] {1, 2, 3, 4});

    assertThat(TokenDocuments.of(tokens, 2, 4).sha256())
        .isEqualTo(TokenDocuments.of(tokens, 2, 4).sha256())
        .isNotEqualTo(TokenDocuments.of(tokens, 1, 4).sha256());
    assertThat(documents(new int[] {1, 2}, new int[] {3, 4}).sha256())
        .isEqualTo(TokenDocuments.of(tokens, 2, 4).sha256());
  }

  @Test
  void endsAreChecked() {
    TokenSequence tokens = TokenSequence.of(VOCABULARY, "t", new byte[] {1, 2, 3, 4});

    assertThatThrownBy(() -> TokenDocuments.of(tokens, 3, 2, 4))
        .isInstanceOf(DataException.class)
        .hasMessage("t: end (2) of document 1 must be in [3, 4]");
    assertThatThrownBy(() -> TokenDocuments.of(tokens, 3))
        .hasMessage("t: the last document must end at 4, where the tokens do, got 3");
  }

  @Test
  void whatMadeTheTokensIsKept() {
    TokenSequence tokens =
        TokenSequence.of(VOCABULARY, "t", new byte[] {1, 2, 3, 4}).withTokenizer(TOKENIZER);
    TokenDocuments cut = TokenDocuments.of(tokens, 2, 4);

    assertThat(cut.chunks(1).tokenizer()).contains(TOKENIZER);
    assertThat(cut.joined(0).tokenizer()).contains(TOKENIZER);
    assertThat(documents.chunks(1).tokenizer()).isEmpty();
  }

  private static TokenDocuments documents(int[]... documents) {
    return TokenDocuments.of(VOCABULARY, "t", List.of(documents));
  }

  private static List<List<Integer>> rows(RowSource source) {
    List<List<Integer>> rows = new ArrayList<>();
    for (long index = 0; index < source.size(); index++) {
      List<Integer> row = new ArrayList<>();
      for (int token : source.rows(index).tokens().row(0)) {
        row.add(token);
      }
      rows.add(row);
    }
    return rows;
  }

  private static int[] tokens(TokenSequence sequence) {
    int[] all = new int[(int) sequence.length()];
    sequence.copy(0, all);
    return all;
  }
}
