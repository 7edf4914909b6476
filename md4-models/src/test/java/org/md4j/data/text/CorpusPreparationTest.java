package org.md4j.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.data.TokenSequence;
import org.md4j.data.TokenShards;
import org.md4j.data.Tokenizer;

class CorpusPreparationTest {
  private static final Tokenizer GPT2 = new Gpt2Tokenizer();

  @TempDir Path folder;

  private Corpus corpus(List<String> documents) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String document : documents) {
      lines.append("{\"text\":\"").append(document).append("\"}\n");
    }
    return Corpus.of(List.of(Files.writeString(folder.resolve("data.jsonl"), lines)));
  }

  private static List<String> documents(int count) {
    return IntStream.range(0, count)
        .mapToObj(d -> "Document %d has %d words. ".formatted(d, d % 7).repeat(d % 11))
        .toList();
  }

  private static CorpusPreparation.Builder preparation(Corpus corpus) {
    return CorpusPreparation.builder(corpus, GPT2).validShare(0.2).passagesPerShard(64);
  }

  private static Map<String, String> hashes(Path folder) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        hashes.put(String.valueOf(file.getFileName()), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }

  private static String decoded(TokenSequence sequence) {
    int[] tokens = new int[(int) sequence.length()];
    sequence.copy(0, tokens);
    return GPT2.decode(tokens);
  }

  /** Spec 7.6, by hand: an end after each document, an empty one among them. */
  @Test
  void documentsAreJoinedByEndsOfText() throws IOException {
    Corpus corpus = corpus(List.of("hello world", "", "Hello world"));

    TokenShards shards =
        CorpusPreparation.builder(corpus, GPT2).validShare(0).build().write(folder.resolve("out"));

    int[] tokens = new int[7];
    shards.train().copy(0, tokens);
    assertThat(tokens).containsExactly(31373, 995, 50256, 50256, 15496, 995, 50256);
    assertThat(shards.trainTokens()).isEqualTo(7);
    assertThat(shards.settings().source()).isEqualTo("data.jsonl");
  }

  @Test
  void everyDocumentIsInOnePart() throws IOException {
    List<String> documents = documents(300);
    List<Long> told = new ArrayList<>();

    TokenShards shards =
        preparation(corpus(documents))
            .listener((done, position) -> told.add(done))
            .build()
            .write(folder.resolve("out"));

    String end = "<|endoftext|>";
    List<String> found = new ArrayList<>();
    found.addAll(List.of(decoded(shards.train()).split("<\\|endoftext\\|>", -1)));
    found.addAll(List.of(decoded(shards.valid()).split("<\\|endoftext\\|>", -1)));
    assertThat(decoded(shards.train())).endsWith(end);
    assertThat(found).containsAll(documents).hasSize(302); // Nothing stands behind the last ends.
    assertThat(told).last().isEqualTo(300L);
    shards.verify();
  }

  /** Stopped by a failure at some documents; what goes on comes to the same bytes. */
  @Test
  void goesOnWhereItWasStopped() throws IOException {
    Corpus corpus = corpus(documents(300));
    preparation(corpus).build().write(folder.resolve("whole"));
    Path out = folder.resolve("out");

    for (int stop : new int[] {1, 64, 150}) {
      assertThatThrownBy(
              () ->
                  CorpusPreparation.builder(new StoppingCorpus(corpus, stop), GPT2)
                      .validShare(0.2)
                      .passagesPerShard(64)
                      .build()
                      .write(out))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("data.jsonl cannot be read to its end: unplugged");
    }

    preparation(corpus).build().write(out);
    assertThat(hashes(out)).isEqualTo(hashes(folder.resolve("whole")));
    assertThat(preparation(corpus).build().write(out).documents()).isEqualTo(300);
  }

  /** Fails after so many passages. */
  private record StoppingCorpus(Corpus corpus, int stop) implements Corpus {
    @Override
    public String name() {
      return corpus.name();
    }

    @Override
    public String sha256() {
      return corpus.sha256();
    }

    @Override
    public long size() {
      return corpus.size();
    }

    @Override
    public PassageReader open() throws IOException {
      PassageReader reader = corpus.open();
      return new PassageReader() {
        private int read;

        @Override
        public Passage next() throws IOException {
          if (read++ == stop) {
            throw new IOException("unplugged");
          }
          return reader.next();
        }

        @Override
        public long position() {
          return reader.position();
        }

        @Override
        public void close() throws IOException {
          reader.close();
        }
      };
    }
  }

  @Test
  void aTokenizerWithoutAnEndIsRefused() throws IOException {
    Corpus corpus = corpus(List.of("a"));

    assertThatThrownBy(
            () ->
                CorpusPreparation.builder(corpus, new Text27Tokenizer())
                    .build()
                    .write(folder.resolve("out")))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "tokenizer (text27) must have a token for the end of a text, such as <|endoftext|>, and has none");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aDocumentThatCannotBeUsedIsNamedAndWhatIsWholeStays() throws IOException {
    Corpus corpus = corpus(documents(100));
    Files.writeString(
        folder.resolve("data.jsonl"),
        Files.readString(folder.resolve("data.jsonl"))
            .replace("{\"text\":\"Document 98", "[\"text\":\"Document 98"));

    assertThatThrownBy(() -> preparation(corpus).build().write(folder.resolve("out")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("data.jsonl, line 99, must be a JSON object");
  }
}
