package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;
import org.md4j.data.TokenShards;
import org.md4j.data.Tokenizer;

/** Prepares documents of twenty times the memory of a Java machine of its own. */
@Tag("slow")
class StreamedCorpusTest {
  private static final int HEAP_MEGABYTES = 32;
  private static final int TIMES = 20;
  private static final String SENTENCE = "Nothing of this is kept for long. ";
  private static final int SENTENCES = 500;

  /** The documents that make {@value #TIMES} times the heap. */
  private static final int DOCUMENTS =
      TIMES * (HEAP_MEGABYTES << 20) / (SENTENCES * SENTENCE.length()) + 1;

  private static final int MINUTES = 5;

  /** A token a sentence, so that little is written. */
  private record Sentences() implements Tokenizer {
    @Override
    public Vocabulary vocabulary() {
      return new Vocabulary(2);
    }

    @Override
    public TokenizerIdentity identity() {
      return new TokenizerIdentity("sentences", Sha256.of("sentences"));
    }

    @Override
    public OptionalInt endOfText() {
      return OptionalInt.of(1);
    }

    @Override
    public int[] encode(String text) {
      return new int[text.length() / SENTENCE.length()];
    }

    @Override
    public String decode(int[] tokens) {
      return SENTENCE.repeat(tokens.length);
    }
  }

  /** Prepares a file; in a Java machine with little memory. */
  public static void main(String[] arguments) {
    CorpusPreparation.builder(Corpus.of(List.of(Path.of(arguments[0]))), new Sentences())
        .build()
        .write(Path.of(arguments[1]));
  }

  @Test
  void memoryDoesNotGrowWithTheCorpus(@TempDir Path folder) throws Exception {
    Path documents = write(folder.resolve("documents.jsonl.gz"));
    Path shards = folder.resolve("shards");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-cp",
                System.getProperty("java.class.path"),
                StreamedCorpusTest.class.getName(),
                documents.toString(),
                shards.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();

    assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();

    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    TokenShards prepared = TokenShards.open(shards);
    assertThat(prepared.documents()).isEqualTo(DOCUMENTS);
    assertThat(prepared.trainTokens() + prepared.validTokens())
        .isEqualTo(DOCUMENTS * (SENTENCES + 1L));
  }

  private static Path write(Path file) throws IOException {
    byte[] line = ("{\"text\":\"" + SENTENCE.repeat(SENTENCES) + "\"}\n").getBytes(US_ASCII);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (int document = 0; document < DOCUMENTS; document++) {
        out.write(line);
      }
    }
    return file;
  }
}
