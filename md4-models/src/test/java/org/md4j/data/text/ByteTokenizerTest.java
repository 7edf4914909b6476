package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.md4j.core.TokenizerIdentity;
import org.md4j.data.Tokenizer;
import org.md4j.models.contract.TokenizerContract;

class ByteTokenizerTest extends TokenizerContract {
  @Override
  protected Tokenizer tokenizer() {
    return new ByteTokenizer();
  }

  @Override
  protected List<String> texts() {
    return List.of("plain", "caf\u00e9 \u4e2d \ud83d\ude00", "a_b\n\0\u007f", "\ufffd");
  }

  @Override
  protected Map<String, Integer> unknown() {
    return Map.of("ab\ud83d", 2, "\ude00", 0, "\ud83d\ude00\ud83d!", 2);
  }

  @Test
  void tokensAreTheBytesOfUtf8() {
    assertThat(tokenizer().vocabulary().size()).isEqualTo(256);
    assertThat(tokenizer().encode("a\u00e9\u4e2d"))
        .containsExactly(97, 0xC3, 0xA9, 0xE4, 0xB8, 0xAD);
  }

  @Test
  void bytesThatAreNoUtf8AreReplaced() {
    assertThat(tokenizer().decode(new int[] {97, 0xFF, 98})).isEqualTo("a\ufffdb");
    assertThat(tokenizer().decode(new int[] {0xC3, 256, 0xA9})).isEqualTo("\ufffd_\ufffd");
    int[] all = IntStream.range(0, 256).toArray();
    assertThat(tokenizer().decode(all)).startsWith("\0\u0001").contains("~").contains("\ufffd");
  }

  @Test
  void theBlankIsTheUsersChoiceAndNoPartOfTheIdentity() {
    Tokenizer other = new ByteTokenizer("[?]");

    assertThat(other.decode(new int[] {97, 256, 98})).isEqualTo("a[?]b");
    assertThat(other.identity()).isEqualTo(tokenizer().identity());
    assertThatThrownBy(() -> new ByteTokenizer(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("blank must have at least one character, got none");
  }

  /** By sha256sum, of the text in the source. */
  @Test
  void identityNeverChanges() {
    assertThat(tokenizer().identity())
        .isEqualTo(
            new TokenizerIdentity(
                "bytes", "8adb5f685e74f76eefaba1e797359ba41936fbcafb96e1ee00ca9891800a13f7"));
  }
}
