package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;

class CorpusTest {
  private static final String TWO =
      "{\"id\":1,\"text\":\"one\\n\"}\n\n{\"text\":\"caf\u00e9\",\"tags\":[{}]}\n";

  @TempDir Path folder;

  private Path file(String name, String content) throws IOException {
    return file(name, content.getBytes(UTF_8));
  }

  private Path file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = packed(name, Files.newOutputStream(file))) {
      out.write(content);
    }
    return file;
  }

  private static OutputStream packed(String name, OutputStream out) throws IOException {
    if (name.endsWith(".gz")) {
      return new GZIPOutputStream(out);
    }
    if (name.endsWith(".bz2")) {
      return new BZip2CompressorOutputStream(out);
    }
    return name.endsWith(".zst") ? new ZstdOutputStream(out) : out;
  }

  private static List<Passage> read(Corpus corpus) throws IOException {
    List<Passage> passages = new ArrayList<>();
    try (PassageReader reader = corpus.open()) {
      for (Passage next = reader.next(); next != null; next = reader.next()) {
        passages.add(next);
      }
      assertThat(reader.next()).isNull();
      assertThat(reader.position()).isEqualTo(corpus.size());
    }
    return passages;
  }

  private static List<String> texts(Path... paths) throws IOException {
    Corpus corpus = Corpus.of(List.of(paths));
    List<Passage> passages = read(corpus);
    assertThat(read(corpus)).isEqualTo(passages);
    assertThat(passages).allMatch(Passage::endsDocument);
    return passages.stream().map(Passage::text).toList();
  }

  @ParameterizedTest
  @CsvSource({"a.jsonl", "a.NDJSON", "a.json.gz", "a.jsonl.bz2", "a.jsonl.zst"})
  void readsALineOfJsonADocument(String name) throws IOException {
    assertThat(texts(file(name, TWO))).containsExactly("one\n", "caf\u00e9");
  }

  @Test
  void readsAnotherFieldAndOtherEncodings() throws IOException {
    Path other = file("b.jsonl", "\ufeff{\"body\":\"\u4e2d\"}".getBytes(UTF_16LE));

    assertThat(read(Corpus.of(List.of(other), "body")))
        .containsExactly(new Passage("\u4e2d", true));
  }

  @Test
  void halfASurrogatePairThatJsonEscapesBecomesTheReplacementCharacter() throws IOException {
    assertThat(texts(file("a.jsonl", "{\"text\":\"a\\ud83db\\ud83d\\ude00\"}")))
        .containsExactly("a\ufffdb\ud83d\ude00");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '$',
      value = {
        "[1]|must be a JSON object with the field text",
        "{\"text\":7}|must have text in the field text, got 7",
        "{\"body\":\"x\",\"id\":1}|must have the field text, got only [body, id]: name the one that holds the text",
        "{\"text\":\"x|must be JSON: Unexpected end-of-input",
        "{\"text\":\"x\",\"id\":|must be JSON: Unexpected end-of-input",
      })
  void aLineThatIsNoDocumentIsNamed(String line, String what) throws IOException {
    Corpus corpus = Corpus.of(List.of(file("a.jsonl", "{\"text\":\"x\"}\n" + line)));

    assertThatThrownBy(() -> read(corpus))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("a.jsonl, line 2, " + what);
  }

  @Test
  void readsAPlainFileAsOneDocumentWithOneKindOfLineEnds() throws IOException {
    assertThat(texts(file("a.txt", "\ufeffone\r\ntwo\rthree\r\r\nfour\n")))
        .containsExactly("one\ntwo\nthree\n\nfour\n");
    assertThat(texts(file("empty.txt", ""), file("b", "x"))).containsExactly("x");
  }

  /** What TextPieces cuts comes back whole, and only its last piece ends the document. */
  @Test
  void readsALongPlainFileInPieces() throws IOException {
    String text = "words of a long text\r\n".repeat(100_000);

    List<Passage> passages =
        read(Corpus.of(List.of(file("long.txt.gz", text), file("b.txt", "x"))));

    assertThat(passages).hasSizeGreaterThan(3);
    assertThat(passages.stream().filter(Passage::endsDocument)).hasSize(2);
    assertThat(String.join("", passages.stream().map(Passage::text).toList()))
        .isEqualTo(text.replace("\r\n", "\n") + "x");
    assertThat(passages).allMatch(passage -> passage.text().length() <= TextPieces.LONGEST);
  }

  @Test
  void readsTheArticlesOfADump() throws IOException {
    String dump =
        """
        <mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">
          <siteinfo><namespaces><namespace key="0" /><namespace key="6">Datei</namespace></namespaces></siteinfo>
          <page><title>Sea</title><ns>0</ns><revision><text>[[Datei:s.jpg]]The '''sea''' &amp;amp; [[sky|sky]].</text></revision></page>
          <page><title>Ocean</title><ns>0</ns><redirect title="Sea" /><revision><text>#REDIRECT [[Sea]]</text></revision></page>
          <page><title>Talk:Sea</title><ns>1</ns><revision><text>Really?</text></revision></page>
          <page><title>Sky</title><ns>0</ns><revision><text>Up.</text></revision></page>
        </mediawiki>
        """;

    assertThat(texts(file("d-articles1.xml-p1p42.bz2", dump)))
        .containsExactly("Sea\n\nThe sea & sky.\n", "Sky\n\nUp.\n");
    assertThat(texts(file("d.xml", dump))).hasSize(2);
    Corpus cut = Corpus.of(List.of(file("cut.xml", dump.substring(0, 300))));
    assertThatThrownBy(() -> read(cut))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("cut.xml must be a whole dump of MediaWiki, in XML; at line ");
  }

  /** A declared entity that would read another file is refused. */
  @Test
  void aDumpFollowsNoReferences() throws IOException {
    Path secret = file("secret.txt", "secret");
    Path dump =
        file(
            "evil.xml",
            "<!DOCTYPE m [<!ENTITY e SYSTEM \"%s\">]><mediawiki><page><title>t</title><text>&e;</text></page></mediawiki>"
                .formatted(secret.toUri()));

    try (PassageReader reader = Corpus.of(List.of(dump)).open()) {
      assertThatThrownBy(reader::next).isInstanceOf(DataException.class);
    }
  }

  @Test
  void readsFoldersAndPatternsInTheOrderOfNames() throws IOException {
    file("in/b.txt", "b");
    file("in/a/z.txt.gz", "z");
    file("in/.hidden", "no");
    file("c.txt", "c");
    file("d.txt", "d");

    assertThat(texts(folder.resolve("in"))).containsExactly("z", "b");
    assertThat(texts(folder.resolve("?.txt"), folder.resolve("in/*.txt")))
        .containsExactly("c", "d", "b");
  }

  @Test
  void namesWhatIsMissingOrDamaged() throws IOException {
    Path zip = file("many.ZIP", "");
    assertThatThrownBy(() -> Corpus.of(List.of(zip)))
        .hasMessage(
            "data file (%s) must be packed by gzip, bzip2 or Zstandard, got a zip archive: unpack it"
                .formatted(zip));
    Path none = folder.resolve("none*.txt");
    assertThatThrownBy(() -> Corpus.of(List.of(none)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "data file (%s) must be an existing file, a folder with files, or a pattern that fits some"
                .formatted(none));
    Path cut = Files.write(folder.resolve("a.txt.gz"), new byte[] {0x1F, (byte) 0x8B, 8, 0});
    Corpus damaged = Corpus.of(List.of(cut));
    assertThatThrownBy(() -> read(damaged))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "data file (%s) cannot be read to its end, is it whole?".formatted(cut));
    Corpus invalid = Corpus.of(List.of(file("b.jsonl", new byte[] {'{', (byte) 0xE9})));
    assertThatThrownBy(() -> read(invalid))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "b.jsonl must be UTF-8, or UTF-16 with a byte order mark, got the byte 0xE9 at position 1");
  }

  @Test
  void theIdentityIsOfNamesSizesAndField() throws IOException {
    Path file = file("a.jsonl", TWO);
    Corpus corpus = Corpus.of(List.of(file));

    assertThat(Corpus.of(List.of(file)).sha256()).isEqualTo(corpus.sha256());
    assertThat(Corpus.of(List.of(file), "body").sha256()).isNotEqualTo(corpus.sha256());
    assertThat(Corpus.of(List.of(file, file)).sha256()).isNotEqualTo(corpus.sha256());
    assertThat(Corpus.of(List.of(file, file)).name()).isEqualTo("a.jsonl and 1 more files");
    assertThat(corpus.size()).isEqualTo(Files.size(file));
    file("a.jsonl", TWO + TWO);
    assertThat(Corpus.of(List.of(file)).sha256()).isNotEqualTo(corpus.sha256());
  }

  @Test
  void documentsBecomeTokensWithAnEndOfTextAfterEach() throws IOException {
    Gpt2Tokenizer gpt2 = new Gpt2Tokenizer();

    TokenSequence tokens = Corpus.of(List.of(file("two.jsonl", TWO))).tokens(gpt2);

    int[] ids = new int[(int) tokens.length()];
    tokens.copy(0, ids);
    assertThat(gpt2.decode(ids)).isEqualTo("one\n<|endoftext|>caf\u00e9<|endoftext|>");
    assertThat(tokens.tokenizer()).contains(gpt2.identity());
    assertThat(tokens.name()).isEqualTo("two.jsonl");
  }

  @Test
  void lineEndsOfEveryKindAreTheSameTokens() throws IOException {
    Gpt2Tokenizer gpt2 = new Gpt2Tokenizer();

    TokenSequence windows = Corpus.of(List.of(file("w.txt", "a\r\nb\r\n"))).tokens(gpt2);
    TokenSequence unix = Corpus.of(List.of(file("u.txt", "a\nb\n"))).tokens(gpt2);

    assertThat(windows.sha256()).isEqualTo(unix.sha256());
    assertThat(windows.length()).isEqualTo(unix.length());
  }
}
