package org.md4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.Sha256;
import org.md4j.core.TokenizerIdentity;
import org.md4j.core.Vocabulary;

class TokenShardsTest {
  private static final TokenizerIdentity TOKENIZER =
      new TokenizerIdentity("test", Sha256.of("test"));
  private static final int END = 99;

  @TempDir Path temporary;

  private Path folder = Path.of("");

  @BeforeEach
  void chooseFolder() {
    folder = temporary.resolve("shards");
  }

  private static ShardSettings settings(int vocabulary, double validShare) {
    return new ShardSettings(
        "source",
        Sha256.of("source"),
        new Vocabulary(vocabulary),
        TOKENIZER,
        END,
        validShare,
        7,
        4);
  }

  /** Document d is the number d, d mod 5 times. */
  private static int[] document(int d) {
    return IntStream.range(0, d % 5).map(i -> d).toArray();
  }

  private static int[] all(TokenSequence sequence) {
    int[] tokens = new int[(int) sequence.length()];
    sequence.copy(0, tokens);
    return tokens;
  }

  private static int[] joined(int from, int to) {
    return IntStream.range(from, to)
        .flatMap(d -> IntStream.concat(IntStream.of(document(d)), IntStream.of(END)))
        .toArray();
  }

  private TokenShards write(ShardSettings settings, int documents) {
    try (TokenShardsWriter writer = TokenShardsWriter.open(folder, settings)) {
      for (int d = (int) writer.documents(); d < documents; d++) {
        writer.append(document(d), true);
      }
      return writer.finish();
    }
  }

  private Map<String, String> hashes() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        hashes.put(String.valueOf(file.getFileName()), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 256, 257, 65_536, 65_537})
  void joinsDocumentsInEveryWidth(int vocabulary) {
    TokenShards shards = write(settings(vocabulary, 0), 30);

    assertThat(all(shards.train())).isEqualTo(joined(0, 30));
    assertThat(shards.trainTokens()).isEqualTo(joined(0, 30).length);
    assertThat(shards.documents()).isEqualTo(30);
    assertThat(shards.train().tokenizer()).hasValue(TOKENIZER);
    shards.verify();
    assertThatThrownBy(shards::valid)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "folder (%s) must hold documents of the part valid, got none of 30: take more documents or another share"
                .formatted(folder));
  }

  /** Rows of 6 of the first documents: 99 | 1 99 | 2 2 99 | 3 3 3 99 | 4 4 4 4 99. */
  @Test
  void rowsRunOverEndsOfDocumentsAndShards() {
    int[] row = new int[6];
    TokenShards shards = write(settings(100, 0), 30);

    shards.train().chunks(6).row(1, row);

    assertThat(row).containsExactly(3, 3, 3, END, 4, 4);
  }

  @Test
  void documentsGoWholeToOnePartByTheirNumber() {
    TokenShards shards = write(settings(100, 0.3), 90);

    int[] train = all(shards.train());
    int[] valid = all(shards.valid());
    assertThat(valid.length).isBetween(joined(0, 90).length / 10, joined(0, 90).length / 2);
    for (int d = 0; d < 90; d++) {
      int number = d;
      long inTrain = IntStream.of(train).filter(token -> token == number).count();
      long inValid = IntStream.of(valid).filter(token -> token == number).count();
      assertThat(List.of(inTrain, inValid)).containsOnly((long) d % 5, 0L);
    }
  }

  @Test
  void aDocumentMayComeInPassages() {
    TokenShards whole = write(settings(100, 0.5), 10);
    int[] expected = all(whole.train());
    folder = temporary.resolve("again");
    try (TokenShardsWriter writer = TokenShardsWriter.open(folder, settings(100, 0.5))) {
      for (int d = 0; d < 10; d++) {
        for (int token : document(d)) {
          writer.append(new int[] {token}, false);
        }
        writer.append(new int[0], true);
      }
      assertThat(all(writer.finish().train())).isEqualTo(expected);
    }
  }

  /** Interrupted after every number of documents, some between shards and some within one. */
  @Test
  void goesOnToTheSameBytes() throws IOException {
    write(settings(300, 0.3), 23);
    Map<String, String> expected = hashes();
    assertThat(expected).hasSize(2 * 6 + 1);
    for (int stop = 0; stop < 23; stop++) {
      folder = temporary.resolve("stopped" + stop);
      TokenShardsWriter first = TokenShardsWriter.open(folder, settings(300, 0.3));
      for (int d = 0; d < stop; d++) {
        first.append(document(d), true);
      }
      if (stop % 2 == 0) {
        first.close(); // Else killed: nothing is closed.
      }
      try (TokenShardsWriter second = TokenShardsWriter.open(folder, settings(300, 0.3))) {
        assertThat(second.passages()).isEqualTo(stop / 4 * 4L);
      }

      write(settings(300, 0.3), 23);

      assertThat(hashes()).as("stopped after %d", stop).isEqualTo(expected);
    }
  }

  @Test
  void anotherFolderOrOtherSettingsAreRefused() throws IOException {
    write(settings(100, 0), 5);
    assertThatThrownBy(() -> TokenShardsWriter.open(folder, settings(100, 0.1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be empty or hold shards of the same settings and data, got ");
    Path other = Files.createDirectories(temporary.resolve("other"));
    Files.writeString(other.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> TokenShardsWriter.open(other, settings(100, 0)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("must be empty or hold shards, got other files");
    assertThat(TokenShardsWriter.open(folder, settings(100, 0)).isComplete()).isTrue();
  }

  @Test
  void whatIsNotWholeIsNamed() throws IOException {
    assertThatThrownBy(() -> TokenShards.open(temporary))
        .hasMessage(
            "folder (%s) must hold shards, found no shards.json in it".formatted(temporary));
    TokenShardsWriter writer = TokenShardsWriter.open(folder, settings(100, 0));
    writer.append(new int[] {1}, false);
    assertThatThrownBy(writer::finish).hasMessageContaining("the last document must end before");
    assertThatThrownBy(() -> writer.append(new int[] {100}, true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("source: token (100) at index 0 must be in [0, 100)");
    assertThatThrownBy(() -> TokenShards.open(folder))
        .hasMessage(
            "folder (%s) must hold all shards, got the first 0: let what writes them go on to its end"
                .formatted(folder));
    writer.close();

    write(settings(100, 0), 9);
    Path shard = folder.resolve("train-00001.tokens");
    byte[] content = Files.readAllBytes(shard);
    content[0] ^= 1;
    Files.write(shard, content);
    TokenShards damaged = TokenShards.open(folder);
    assertThatThrownBy(damaged::verify)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shard (%s) must have the SHA-256 ".formatted(shard));
    Files.write(shard, new byte[3]);
    assertThatThrownBy(() -> TokenShards.open(folder))
        .hasMessage(
            "shard (%s) must have %d bytes, got 3: is the folder whole?"
                .formatted(shard, content.length));
    Files.delete(shard);
    assertThatThrownBy(() -> TokenShards.open(folder)).hasMessageContaining("but is missing");
    Files.writeString(folder.resolve("shards.json"), "{\"format\":");
    assertThatThrownBy(() -> TokenShards.open(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shards.json cannot be understood: ");
    for (String json : List.of("null", "{\"format\":2,\"more\":1}", "{\"format\":1}")) {
      Files.writeString(folder.resolve("shards.json"), json);
      assertThatThrownBy(() -> TokenShards.open(folder)).isInstanceOf(DataException.class);
    }
  }

  /** What was refused leaves nothing behind; what was begun without a shard begins anew. */
  @Test
  void aPassageThatIsRefusedLeavesNothing() {
    try (TokenShardsWriter writer = TokenShardsWriter.open(folder, settings(100, 0.9))) {
      writer.append(new int[] {1}, true);
    }
    try (TokenShardsWriter writer = TokenShardsWriter.open(folder, settings(100, 0))) {
      assertThatThrownBy(() -> writer.append(new int[] {1, 2, 100}, true))
          .isInstanceOf(DataException.class);
      writer.append(new int[] {3}, true);

      assertThat(all(writer.finish().train())).containsExactly(3, END);
    }
  }

  /** Stopped behind a whole shard that ends within a document. */
  @Test
  void aDocumentCutByTheEndOfAShardMustEnd() {
    try (TokenShardsWriter first = TokenShardsWriter.open(folder, settings(100, 0))) {
      for (int passage = 0; passage < 4; passage++) {
        first.append(new int[] {passage}, false);
      }
    }
    try (TokenShardsWriter second = TokenShardsWriter.open(folder, settings(100, 0))) {
      assertThat(second.passages()).isEqualTo(4);
      assertThatThrownBy(second::finish).hasMessageContaining("the last document must end before");
    }
  }

  @Test
  void noDocumentIsAnError() {
    assertThatThrownBy(() -> write(settings(100, 0), 0))
        .hasMessage("source must hold at least one document, got none");
    assertThatThrownBy(() -> settings(END, 0)).hasMessage("endOfText (99) must be in [0, 99)");
    assertThatThrownBy(() -> settings(100, 1.5)).hasMessage("validShare (1.5) must be in [0, 1]");
  }
}
