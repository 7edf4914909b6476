package org.md4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.contract.RowSourceContract;
import org.md4j.core.RowSource;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

class TokenSequenceTest {
  private static final TokenizerIdentity TOKENIZER =
      new TokenizerIdentity("words", Sha256.of("words"));

  @TempDir private Path folder;

  @Nested
  class RowsOfAMappedFile extends RowSourceContract {
    @Override
    protected RowSource source() {
      try {
        Path file = written(TokenWidth.SHORT, IntStream.range(0, 100).toArray());
        return TokenSequence.map(new Vocabulary(300), "mapped", file, TokenWidth.SHORT).chunks(7);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void bytesAndShortsAreUnsigned() {
    assertThat(tokens(TokenSequence.of(new Vocabulary(256), "t", new byte[] {0, -1, 127, -128})))
        .containsExactly(0, 255, 127, 128);
    assertThat(tokens(TokenSequence.of(new Vocabulary(1 << 16), "t", new short[] {0, -1, -32768})))
        .containsExactly(0, 65535, 32768);
    assertThat(tokens(TokenSequence.of(new Vocabulary(100_000), "t", new int[] {99_999, 0})))
        .containsExactly(99_999, 0);
  }

  @ParameterizedTest
  @CsvSource({"3, 2", "300, 1", "100000, 0"})
  void tokensBeyondTheHeapLieInAScratchFileWithoutAName(int values, int pagesOnHeap)
      throws IOException {
    Vocabulary vocabulary = new Vocabulary(values);
    int pageBytes = TokenWidth.of(vocabulary).bytes() << 16;
    TokenSequenceBuilder builder =
        new TokenSequenceBuilder(
            vocabulary, "t", new TokenPages(pageBytes, (long) pagesOnHeap * pageBytes, folder));
    TokenSequenceBuilder onHeap = TokenSequence.builder(vocabulary, "t");
    for (int n = 0; n < 5 << 16; n++) {
      int token = (int) (n * 2_654_435_761L % values);
      builder.append(token);
      onHeap.append(token);
    }

    assertThat(builder.build().sha256()).isEqualTo(onHeap.build().sha256());
    assertThat(tokens(builder.build())).isEqualTo(tokens(onHeap.build()));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aFolderWithoutRoomIsNamed() {
    Path none = folder.resolve("none");
    TokenSequenceBuilder builder =
        new TokenSequenceBuilder(new Vocabulary(3), "t", new TokenPages(1 << 16, 0, none));

    assertThatThrownBy(() -> builder.append(1))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            "tokens beyond a quarter of the heap must have room in folder (%s), and have not: ",
            none);
    assertThat(builder.size()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TokenWidth.class)
  void aMappedFileIsTheSequenceOfItsTokens(TokenWidth width) throws IOException {
    int[] expected = IntStream.range(0, 1000).map(i -> i * 31 % 251).toArray();
    Path file = written(width, expected);
    TokenSequence mapped = TokenSequence.map(new Vocabulary(251), "mapped", file, width);

    assertThat(tokens(mapped)).isEqualTo(expected);
    assertThat(mapped.name()).isEqualTo("mapped");
    assertThat(mapped.sha256()).isEqualTo(Sha256.of(Files.readAllBytes(file)));
    assertThat(mapped.sha256()).isEqualTo(inMemory(width, expected).sha256());
  }

  @ParameterizedTest
  @EnumSource(TokenWidth.class)
  void segmentsMakeNoDifference(TokenWidth width) throws IOException {
    int[] expected = IntStream.range(0, 1001).map(i -> i * 17 % 251).toArray();
    Path file = written(width, expected);
    TokenSequence whole = TokenSequence.map(new Vocabulary(251), "t", file, width);
    TokenSequence segments =
        TokenSequence.of(new Vocabulary(251), "t", MappedTokens.open(file, width, 6));

    assertThat(tokens(segments)).isEqualTo(expected);
    assertThat(segments.sha256()).isEqualTo(whole.sha256());
    int[] across = new int[200];
    segments.copy(777, across);
    assertThat(across).isEqualTo(Arrays.copyOfRange(expected, 777, 977));
  }

  @Test
  void aTokenOutOfRangeIsNamedWithItsIndex() throws IOException {
    Path file = written(TokenWidth.SHORT, 1, 2, 3, 40_000, 5);

    assertThatThrownBy(
            () -> TokenSequence.map(new Vocabulary(30_000), "genome", file, TokenWidth.SHORT))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("genome: token (40000) at index 3 must be in [0, 30000)");
    assertThatThrownBy(() -> TokenSequence.of(new Vocabulary(4), "t", new byte[] {3, 4}))
        .hasMessageContaining("token (4) at index 1 must be in [0, 4)");
    assertThatThrownBy(() -> TokenSequence.of(new Vocabulary(4), "t", new int[] {-1}))
        .hasMessageContaining("token (-1) at index 0");
  }

  @Test
  void aFileOfAnotherWidthIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("odd"), new byte[7]);

    assertThatThrownBy(() -> TokenSequence.map(new Vocabulary(4), "t", file, TokenWidth.SHORT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must hold tokens of 2 bytes each, got 7 bytes in all");
  }

  @Test
  void nothingIsNoSequence() throws IOException {
    Path file = Files.createFile(folder.resolve("empty"));

    assertThatThrownBy(() -> TokenSequence.map(new Vocabulary(4), "t", file, TokenWidth.INT))
        .isInstanceOf(DataException.class)
        .hasMessage("t must hold at least one token, got none");
    assertThatThrownBy(() -> TokenSequence.of(new Vocabulary(4), "t", new int[0]))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(
            () ->
                TokenSequence.map(new Vocabulary(4), "t", folder.resolve("none"), TokenWidth.BYTE))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be an existing file");
  }

  @ParameterizedTest
  @CsvSource({"256, BYTE", "257, SHORT", "65536, SHORT", "65537, INT"})
  void aBuilderTakesTheNarrowestWidth(int values, TokenWidth width) {
    int[] expected = IntStream.range(0, 100_000).map(i -> i % values).toArray();
    TokenSequenceBuilder builder = TokenSequence.builder(new Vocabulary(values), "built");
    builder.appendAll(expected);
    TokenSequence built = builder.build();

    assertThat(TokenWidth.of(new Vocabulary(values))).isEqualTo(width);
    assertThat(tokens(built)).isEqualTo(expected);
    assertThat(built.sha256()).isEqualTo(Sha256.of(bytes(width, expected)));
    builder.append(0);
    assertThat(built.length()).isEqualTo(100_000);
    assertThat(builder.build("text").sha256()).isEqualTo("text");
    assertThatThrownBy(() -> builder.append(values))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("token (%d) at index 100001".formatted(values));
  }

  @Test
  void partsKeepTheIdentityOfTheWhole() {
    TokenSequence whole =
        TokenSequence.of(new Vocabulary(9), "t", new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
            .withTokenizer(TOKENIZER);
    TokenSequence part = whole.part(2, 7).part(1, 3);

    assertThat(whole.windows(2).tokenizer()).contains(TOKENIZER);
    assertThat(part.chunks(2).tokenizer()).contains(TOKENIZER);
    assertThat(tokens(part)).containsExactly(4, 5);
    assertThat(part.name()).isEqualTo("t [2, 7) [1, 3)");
    assertThat(part.sha256()).isEqualTo(whole.sha256());
    assertThat(part.tokenizer()).contains(TOKENIZER);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 19, 20, 21, 99, 1000, 12_345})
  void sharesAreDecimalNumbersRoundedDown(int length) {
    TokenSequence all = TokenSequence.of(new Vocabulary(1), "t", new byte[length]);

    for (int percent = 0; percent <= 100; percent++) {
      TokenSplits splits = all.split(percent / 100.0, 0);
      assertThat(splits.train().length()).isEqualTo((long) length * percent / 100);
      assertThat(splits.valid().length()).isZero();
      assertThat(splits.test().length()).isEqualTo(length - splits.train().length());
    }
    TokenSplits usual = all.split();
    assertThat(usual.train().length()).isEqualTo(length * 9L / 10);
    assertThat(usual.valid().length()).isEqualTo(length / 20);
  }

  @Test
  void sharesAreChecked() {
    TokenSequence all = TokenSequence.of(new Vocabulary(1), "t", new byte[10]);

    assertThatThrownBy(() -> all.split(-0.1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train and valid (-0.1, 0.0) must each be in [0, 1]");
    assertThatThrownBy(() -> all.split(0.9, 0.2))
        .hasMessage("train and valid (0.9, 0.2) must together be at most 1");
    assertThatThrownBy(() -> all.split(Double.NaN, 0)).hasMessageContaining("in [0, 1]");
    assertThat(all.split(0.7, 0.3).test().length()).isZero();
  }

  private Path written(TokenWidth width, int... tokens) throws IOException {
    return Files.write(folder.resolve("tokens." + width), bytes(width, tokens));
  }

  private static byte[] bytes(TokenWidth width, int... tokens) {
    ByteBuffer bytes =
        ByteBuffer.allocate(tokens.length * width.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int token : tokens) {
      for (int part = 0; part < width.bytes(); part++) {
        bytes.put((byte) (token >>> (8 * part)));
      }
    }
    return bytes.array();
  }

  private static TokenSequence inMemory(TokenWidth width, int... tokens) {
    Vocabulary vocabulary = new Vocabulary(251);
    return switch (width) {
      case BYTE -> TokenSequence.of(vocabulary, "t", bytes(width, tokens));
      case SHORT -> {
        short[] shorts = new short[tokens.length];
        for (int i = 0; i < shorts.length; i++) {
          shorts[i] = (short) tokens[i];
        }
        yield TokenSequence.of(vocabulary, "t", shorts);
      }
      case INT -> TokenSequence.of(vocabulary, "t", tokens);
    };
  }

  private static int[] tokens(TokenSequence sequence) {
    int[] all = new int[(int) sequence.length()];
    sequence.copy(0, all);
    return all;
  }
}
