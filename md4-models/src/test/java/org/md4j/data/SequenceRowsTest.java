package org.md4j.data;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.contract.RowSourceContract;
import org.md4j.core.RowSource;
import org.md4j.data.text.Text27Tokenizer;
import org.md4j.data.text.TextFile;

class SequenceRowsTest {
  private static final String TEXT = "the quick brown fox jumps over the lazy dog ".repeat(4);
  private static final Tokenizer TOKENIZER = new Text27Tokenizer();

  @Nested
  class Windows extends RowSourceContract {
    @Override
    protected RowSource source() {
      return sequence(TEXT).windows(7);
    }
  }

  @Nested
  class Chunks extends RowSourceContract {
    @Override
    protected RowSource source() {
      return sequence(TEXT).part(20, 170).chunks(7);
    }
  }

  @Test
  void windowsAreAllOfThem() {
    RowSource windows = sequence("abcdefg").windows(3);

    assertThat(windows.size()).isEqualTo(5);
    assertThat(texts(windows)).containsExactly("abc", "bcd", "cde", "def", "efg");
    assertThat(windows.name()).isEqualTo("test, windows of 3");
    assertThat(windows.vocabulary()).isEqualTo(TOKENIZER.vocabulary());
  }

  @Test
  void chunksDoNotOverlapAndDropTheRest() {
    assertThat(texts(sequence("abcdefgh").chunks(3))).containsExactly("abc", "def");
    assertThat(texts(sequence("abcdef").chunks(3))).containsExactly("abc", "def");
  }

  @Test
  void oneExampleIsEnough() {
    assertThat(texts(sequence("abc").windows(3))).containsExactly("abc");
    assertThat(texts(sequence("abc").chunks(3))).containsExactly("abc");
  }

  @Test
  void tooLittleTextIsAnErrorThatSaysSo() {
    assertThatThrownBy(() -> sequence("ab").chunks(3))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("length 3, got 2 tokens");
  }

  @Test
  void indexAndRowAreChecked() {
    RowSource chunks = sequence("abcdef").chunks(3);

    assertThatThrownBy(() -> chunks.row(2, new int[3]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> chunks.row(0, new int[4]))
        .hasMessage("into must have shape [N] = [3], got [4]");
    assertThatThrownBy(() -> sequence("abc").windows(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 39, 1000, 1019})
  void splitsAreNinetyFiveFiveAndLoseNothing(int length) {
    TokenSequence all = sequence("abcdefghij".repeat(length / 10 + 1).substring(0, length));

    TokenSplits splits = all.split();

    assertThat(splits.train().length()).isEqualTo(length * 9 / 10);
    assertThat(splits.valid().length()).isEqualTo(length / 20);
    assertThat(splits.train().length() + splits.valid().length() + splits.test().length())
        .isEqualTo(length);
    assertThat(splits.valid().token(0)).isEqualTo(all.token(splits.train().length()));
    assertThat(splits.test().token(splits.test().length() - 1)).isEqualTo(all.token(length - 1));
    assertThat(splits.train().name()).isEqualTo("test [0, " + length * 9 / 10 + ")");
  }

  private static TokenSequence sequence(String text) {
    return TextFile.read("test", new ByteArrayInputStream(text.getBytes(US_ASCII)));
  }

  private static String[] texts(RowSource source) {
    String[] texts = new String[(int) source.size()];
    for (int i = 0; i < texts.length; i++) {
      int[] example = new int[source.length()];
      source.row(i, example);
      texts[i] = TOKENIZER.decode(example);
    }
    return texts;
  }
}
