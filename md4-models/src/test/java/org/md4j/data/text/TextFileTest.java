package org.md4j.data.text;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;
import org.md4j.data.Tokenizer;

class TextFileTest {
  private static final String TEXT = "it is a truth universally acknowledged";

  /** By sha256sum. */
  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"text", "text8.zip", "text.gz", "text.txt"})
  void readsEveryPacking(String name) throws IOException {
    TokenSequence tokens = TextFile.read(packed(name, TEXT.getBytes(US_ASCII)));

    assertThat(text(tokens)).isEqualTo(TEXT);
    assertThat(tokens.name()).isEqualTo(name);
    assertThat(tokens.sha256()).isEqualTo(read(TEXT).sha256());
  }

  @Test
  void hashIsThatOfTheUnpackedBytes() {
    assertThat(read("abc").sha256()).isEqualTo(SHA256_OF_ABC);
    assertThat(read("abc\n").sha256()).isNotEqualTo(SHA256_OF_ABC);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc\n", "abc\r\n", "abc\n\n"})
  void trailingLineEndsAreNotText(String text) {
    assertThat(text(read(text))).isEqualTo("abc");
  }

  @Test
  void aMarkOfUtf8IsNotText() {
    assertThat(text(read("\u00EF\u00BB\u00BFabc"))).isEqualTo("abc");
    assertThatThrownBy(() -> read("\u00EF\u00BB\u00BFabC"))
        .hasMessageContaining("'C' at position 2");
    assertThatThrownBy(() -> read("a\u00EF\u00BB\u00BFbc"))
        .hasMessageContaining("0xEF at position 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00FF\u00FEa\0b\0", "\u00FE\u00FF\0a\0b"})
  void utf16IsNamed(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(DataException.class)
        .hasMessage("test is UTF-16, by its first two bytes: save it as plain text, in UTF-8");
  }

  @Test
  void lineEndInsideNamesItsPosition() {
    assertThatThrownBy(() -> read("ab\ncd"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("test holds the symbol 0x0A at position 2");
  }

  @Test
  void otherSymbolNamesItselfAndItsPosition() {
    String far = "a".repeat(100_000);

    assertThatThrownBy(() -> read(far + "Q"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'Q' at position 100000");
    assertThatThrownBy(() -> read("caf\u00e9")).hasMessageContaining("0xE9 at position 3");
  }

  @Test
  void keepsTextLongerThanOnePage() {
    byte[] bytes = new byte[(1 << 20) + 12_345];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + (i * 7919L + i / 26) % 26);
    }

    TokenSequence tokens = TextFile.read("long", new ByteArrayInputStream(bytes));

    assertThat(tokens.length()).isEqualTo(bytes.length);
    int[] across = new int[1000];
    tokens.copy((1 << 20) - 500, across);
    for (int i = 0; i < across.length; i++) {
      assertThat(across[i]).isEqualTo(bytes[(1 << 20) - 500 + i] - 'a');
    }
    assertThat(tokens.token(bytes.length - 1)).isEqualTo(bytes[bytes.length - 1] - 'a');
  }

  @Test
  void emptyTextIsAnError() {
    assertThatThrownBy(() -> read(""))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none");
    assertThatThrownBy(() -> read("\n")).isInstanceOf(DataException.class);
  }

  @Test
  void missingFileIsAnError() {
    assertThatThrownBy(() -> TextFile.read(folder.resolve("none.txt")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("none.txt")
        .hasMessageContaining("must be an existing file");
    assertThatThrownBy(() -> TextFile.read(folder)).isInstanceOf(DataException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut.gz", "cut.zip"})
  void packedFileCutShortIsAnError(String name) throws IOException {
    Path file = packed(name, TEXT.getBytes(US_ASCII));
    byte[] whole = Files.readAllBytes(file);
    // Cuts the compressed data itself, not what follows it in a zip archive.
    Files.write(file, Arrays.copyOf(whole, name.endsWith("zip") ? 50 : whole.length - 12));

    assertThatThrownBy(() -> TextFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("whole");
  }

  @Test
  void archiveWithoutEntriesIsAnError() throws IOException {
    Path file = folder.resolve("empty.zip");
    new ZipOutputStream(Files.newOutputStream(file)).close();

    assertThatThrownBy(() -> TextFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be an archive with one text in it, got none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text.zip", "text.gz"})
  void packingIsToldByTheFirstBytes(String name) throws IOException {
    Path named = packed(name, TEXT.getBytes(US_ASCII));
    for (String other : List.of("text", "text.txt", "text.bz2", "TEXT.ZIP")) {
      Path moved = Files.copy(named, folder.resolve("other-" + other), REPLACE_EXISTING);

      assertThat(text(TextFile.read(moved))).isEqualTo(TEXT);
    }
    Path plain = Files.writeString(folder.resolve("plain.gz"), TEXT);
    assertThat(text(TextFile.read(plain))).isEqualTo(TEXT);
  }

  @Test
  void theOneTextOfAnArchiveIsFoundAmongWhatDesktopsAdd() throws IOException {
    Path file =
        archive("__MACOSX/._corpus", "corpus/", "corpus/.DS_Store", "corpus/novel.txt", ".hidden");

    assertThat(text(TextFile.read(file))).isEqualTo("corpus novel txt");
  }

  @Test
  void anArchiveOfSeveralTextsIsRefusedAndListed() throws IOException {
    assertThatThrownBy(() -> TextFile.read(archive("a.txt", "in/b.txt")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("one text in it, got 2: a.txt, in/b.txt; unpack it and name one");
    assertThatThrownBy(() -> TextFile.read(archive("1", "2", "3", "4", "5", "6", "7")))
        .hasMessageContaining("got 7: 1, 2, 3, 4, 5, ...; unpack");
    assertThatThrownBy(() -> TextFile.read(archive("folder/", ".DS_Store")))
        .hasMessageContaining("got none");
  }

  @Test
  void aTextStoredThroughAPipeIsRead() throws IOException {
    Path file = folder.resolve("stored.zip");
    byte[] name = "novel.txt".getBytes(US_ASCII);
    byte[] content = TEXT.getBytes(US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(content);
    int length = content.length;
    int central = 30 + name.length + length + 16;
    // Sizes and checksum are zero in the local header and follow the data, as bit 3 says.
    ByteBuffer zip = ByteBuffer.allocate(central + 46 + name.length + 22).order(LITTLE_ENDIAN);
    zip.putInt(0x04034B50).putShort((short) 20).putShort((short) 8).putShort((short) 0);
    zip.putInt(0).putInt(0).putInt(0).putInt(0).putShort((short) name.length).putShort((short) 0);
    zip.put(name).put(content);
    zip.putInt(0x08074B50).putInt((int) crc.getValue()).putInt(length).putInt(length);
    zip.putInt(0x02014B50).putShort((short) 20).putShort((short) 20).putShort((short) 8);
    zip.putShort((short) 0).putInt(0).putInt((int) crc.getValue()).putInt(length).putInt(length);
    zip.putShort((short) name.length).put(new byte[16]).put(name);
    zip.putInt(0x06054B50).putInt(0).putShort((short) 1).putShort((short) 1);
    zip.putInt(46 + name.length).putInt(central).putShort((short) 0);

    assertThat(text(TextFile.read(Files.write(file, zip.array())))).isEqualTo(TEXT);
    zip.array()[30 + name.length]++; // One letter is another.
    assertThatThrownBy(() -> TextFile.read(Files.write(file, zip.array())))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("is it whole?");
  }

  @Test
  void anArchiveUnderAPasswordIsRefused() throws IOException {
    Path file = archive("secret.txt");
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i + 10 < bytes.length; i++) { // Sets the bit in both headers of the entry.
      if (bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] <= 3 && bytes[i + 3] <= 4) {
        bytes[i + (bytes[i + 2] == 3 ? 6 : 8)] |= 1;
      }
    }
    Files.write(file, bytes);

    assertThatThrownBy(() -> TextFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must not be under a password, as secret.txt in it is");
  }

  @Test
  void xzIsNamed() throws IOException {
    byte[] beginning = {(byte) 0xFD, '7', 'z', 'X', 'Z', 0, 0, 4};
    Path file = Files.write(folder.resolve("text.gz"), beginning);

    assertThatThrownBy(() -> TextFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "(text.gz) must be packed by gzip, bzip2 or Zstandard, got one packed by xz");
  }

  @Test
  void bytesAreReadAsTheyAre() throws IOException {
    byte[] bytes = {(byte) 0xFF, '\n', 0, (byte) 0xC3, '\r'};
    TokenSequence tokens =
        TextFile.read(Files.write(folder.resolve("raw"), bytes), new ByteTokenizer());

    int[] all = new int[4];
    tokens.copy(0, all);
    assertThat(all).containsExactly(0xFF, '\n', 0, 0xC3);
    assertThat(tokens.length()).isEqualTo(4);
    assertThat(tokens.tokenizer()).contains(new ByteTokenizer().identity());
  }

  @Test
  void tokensKnowWhatMadeThem() {
    assertThat(read("abc").tokenizer()).contains(new Text27Tokenizer().identity());
    assertThat(read("abc").part(0, 2).tokenizer()).contains(new Text27Tokenizer().identity());
  }

  @Test
  void aTokenizerThatCannotTellTokensPieceByPieceIsGivenTheWholeText() {
    Tokenizer pairs = new PairTokenizer();
    TokenSequence tokens = TextFile.read("test", stream("\u00e9\u00e9bb\n", UTF_8), pairs);

    assertThat(tokens.length()).isEqualTo(2);
    assertThat(tokens.token(0)).isEqualTo(0xE9);
    assertThatThrownBy(() -> TextFile.read("test", stream("abc", UTF_8), pairs))
        .isInstanceOf(DataException.class)
        .hasMessage("test: text holds half a pair at position 2");
    assertThatThrownBy(() -> TextFile.read("test", stream("a\u00e9", ISO_8859_1), pairs))
        .isInstanceOf(DataException.class)
        .hasMessage("test must be UTF-8, got the byte 0xE9 at position 1");
  }

  @Test
  void lineEndsLongerThanABufferAreText() {
    String text = "a" + "\n".repeat(200_000) + "b" + "\r\n".repeat(100_000);

    assertThat(TextFile.read("test", stream(text, UTF_8), new ByteTokenizer()).length())
        .isEqualTo(200_002);
  }

  @Test
  void partsAreViewsWithTheWholesIdentity() {
    TokenSequence whole = read("abcdefgh");
    TokenSequence part = whole.part(2, 6).part(1, 3);

    assertThat(text(part)).isEqualTo("de");
    assertThat(part.sha256()).isEqualTo(whole.sha256());
    assertThat(whole.part(2, 6).name()).isEqualTo("test [2, 6)");
    assertThatThrownBy(() -> part.token(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> part.copy(1, new int[2]))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> whole.part(3, 9)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Makes an archive of files that say their own names. */
  private Path archive(String... names) throws IOException {
    Path file = folder.resolve("archive.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        if (!name.endsWith("/")) {
          zip.write(name.replaceAll("[^a-z]", " ").strip().getBytes(US_ASCII));
        }
      }
    }
    return file;
  }

  private Path packed(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (name.endsWith(".zip")) {
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        zip.putNextEntry(new ZipEntry("text8"));
        zip.write(content);
      }
    } else if (name.endsWith(".gz")) {
      try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
        gzip.write(content);
      }
    } else {
      bytes.writeBytes(content);
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }

  private static TokenSequence read(String text) {
    return TextFile.read("test", stream(text, ISO_8859_1));
  }

  private static InputStream stream(String text, Charset charset) {
    return new ByteArrayInputStream(text.getBytes(charset));
  }

  private static String text(TokenSequence tokens) {
    int[] all = new int[(int) tokens.length()];
    tokens.copy(0, all);
    return new Text27Tokenizer().decode(all);
  }

  /** Two characters a token, the first of them its id. */
  private static final class PairTokenizer implements Tokenizer {
    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(256);
    }

    @Override
    public TokenizerIdentity identity() {
      return new TokenizerIdentity("pairs", Sha256.of("pairs"));
    }

    @Override
    public int[] encode(String text) {
      if (text.length() % 2 != 0) {
        throw new DataException("text holds half a pair at position " + (text.length() - 1));
      }
      return IntStream.range(0, text.length() / 2).map(i -> text.charAt(2 * i)).toArray();
    }

    @Override
    public String decode(int[] tokens) {
      throw new UnsupportedOperationException("nothing is decoded here");
    }
  }
}
