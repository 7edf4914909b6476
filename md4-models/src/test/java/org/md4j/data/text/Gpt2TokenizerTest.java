package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.Sha256;
import org.md4j.data.TokenSequence;
import org.md4j.data.Tokenizer;
import org.md4j.models.contract.TokenizerContract;

class Gpt2TokenizerTest extends TokenizerContract {
  @Override
  protected Tokenizer tokenizer() {
    return new Gpt2Tokenizer();
  }

  @Override
  protected List<String> texts() {
    return List.of(
        "Plain words, and more of them.",
        "caf\u00e9 \u4e2d\u6587 \ud83d\ude00\ud83d\udc4d\ud83c\udffd",
        "a_b\n\n \t\0\u007f  it's 1234567  ",
        "<|endoftext|>",
        "\ufffd\u00a0\u3000\u2028");
  }

  @Override
  protected Map<String, Integer> unknown() {
    return Map.of("ab\ud83d", 2, "\ude00", 0, "\ud83d\ude00\ud83d!", 2);
  }

  /**
   * From the tests of tiktoken 0.7 (tests/test_simple_public.py, test_encoding.py: "hello world"
   * and the zeros, for gpt2) and the examples of GPT2Tokenizer in the documentation of transformers
   * 4 ("Hello world", " Hello world", "Hello, my dog is cute").
   */
  static List<Arguments> known() {
    return List.of(
        Arguments.of("hello world", new int[] {31373, 995}),
        Arguments.of("Hello world", new int[] {15496, 995}),
        Arguments.of(" Hello world", new int[] {18435, 995}),
        Arguments.of("Hello, my dog is cute", new int[] {15496, 11, 616, 3290, 318, 13779}),
        Arguments.of("0", new int[] {15}),
        Arguments.of("00", new int[] {405}),
        Arguments.of("000", new int[] {830}),
        Arguments.of("00000", new int[] {20483}),
        Arguments.of("000000000", new int[] {10535, 830}),
        Arguments.of("00000000000000000", new int[] {8269, 10535, 830}));
  }

  @ParameterizedTest
  @MethodSource("known")
  void idsAreThoseOfGpt2(String text, int[] ids) {
    assertThat(tokenizer().encode(text)).containsExactly(ids);
    assertThat(tokenizer().decode(ids)).isEqualTo(text);
  }

  @Test
  void theEndOfTextIsTheLastAndNoText() {
    assertThat(tokenizer().vocabulary().size()).isEqualTo(50_257);
    assertThat(tokenizer().endOfText()).hasValue(50_256);
    assertThat(tokenizer().decode(new int[] {50_256})).isEqualTo("<|endoftext|>");
    assertThat(tokenizer().encode("<|endoftext|>")).hasSizeGreaterThan(1).doesNotContain(50_256);
  }

  /** What tiktoken writes: a line a token, its bytes in base 64 and its rank. */
  @Test
  void theIdentityIsTheHashOfThePublishedVocabulary() {
    Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
    StringBuilder file = new StringBuilder();
    for (int rank = 0; rank < 50_256; rank++) {
      IntArrayList one = new IntArrayList(1);
      one.add(rank);
      file.append(Base64.getEncoder().encodeToString(encoding.decodeBytes(one)))
          .append(' ')
          .append(rank)
          .append('\n');
    }

    assertThat(tokenizer().identity().sha256()).isEqualTo(Sha256.of(file.toString()));
    assertThat(tokenizer().identity().name()).isEqualTo("gpt2");
    assertThat(new Gpt2Tokenizer("[?]").identity()).isEqualTo(tokenizer().identity());
  }

  @Test
  void bytesThatAreNoUtf8AreReplaced() {
    int[] halfOfALetter = {tokenizer().encode("\ud83d\ude00")[0]};

    assertThat(tokenizer().decode(halfOfALetter)).contains("\ufffd");
    assertThatThrownBy(() -> tokenizer().decode(new int[] {50_258}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token (50258) must be in 0..50257");
    assertThatThrownBy(() -> new Gpt2Tokenizer(""))
        .hasMessage("blank must have at least one character, got none");
  }

  /** The line end at the very end is two bytes, of which one looks like that of UTF-8. */
  @Test
  void aFileInUtf16IsTheTextItIs() {
    for (Charset charset : List.of(UTF_16LE, UTF_16BE)) {
      byte[] file = "\ufeffcaf\u00e9\n".getBytes(charset);

      TokenSequence tokens = TextFile.read("a.txt", new ByteArrayInputStream(file), tokenizer());

      int[] all = new int[(int) tokens.length()];
      tokens.copy(0, all);
      assertThat(tokenizer().decode(all)).isEqualTo("caf\u00e9\n");
    }
  }

  /** More than one piece of text, cut among words, spaces and line ends. */
  @Test
  void aLongStreamHasTheTokensOfTheWhole() throws IOException {
    String text =
        "It's a long  text,\n\n of 1234 words \t\n and\u3000more: \ud83d\ude00! ".repeat(30_000);
    IntStream.Builder ids = IntStream.builder();

    tokenizer().encode("long", new ByteArrayInputStream(text.getBytes(UTF_8)), ids::add);

    assertThat(text.length()).isGreaterThan(TextPieces.LONGEST);
    assertThat(ids.build().toArray()).isEqualTo(tokenizer().encode(text));
  }
}
