package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.cli.CommandRun;
import org.md4j.data.TokenShards;

/** From documents to shards and a tokenizer. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class PrepareTest {
  private Path folder;
  private TinyWords words;
  private Path documents;
  private Path shards;

  @BeforeAll
  void prepare(@TempDir Path temporary) throws IOException {
    folder = temporary;
    words = TinyWords.in(folder);
    documents = words.documents();
    shards = words.shards();
  }

  @Test
  void documentsBecomeShardsAndATokenizer() {
    CommandRun preparation = words.preparation();
    assertThat(preparation.out())
        .matches(
            "300 documents: [0-9,]+ tokens to train on, [0-9,]+ to validate on; vocabulary of 300 \\(tokenizer.json, BPE of 300\\)\\R");
    assertThat(preparation.err()).contains("to train: ./md4 train text --data " + shards);
    TokenShards.open(shards).verify();
    assertThat(shards.resolve("tokenizer.json")).isNotEmptyFile();
  }

  @Test
  void theSameCommandAgainChangesNothing() throws IOException {
    byte[] before = Files.readAllBytes(shards.resolve("shards.json"));

    CommandRun again = words.prepareAgain();

    assertThat(again.out()).isEqualTo(words.preparation().out());
    assertThat(shards.resolve("shards.json")).hasBinaryContent(before);
  }

  @Test
  void gpt2IsTheUsualTokenizer() {
    Path out = folder.resolve("gpt2");

    CommandRun gpt2 = CommandRun.of("prepare", documents.toString(), "--out=" + out);

    assertThat(gpt2.exitCode()).as(gpt2.err()).isZero();
    assertThat(gpt2.out()).endsWith("vocabulary of 50,257 (gpt2)" + System.lineSeparator());
    assertThat(out.resolve("tokenizer.json")).doesNotExist();
    Path run = folder.resolve("run");
    assertThat(words.train(run, "--steps=1").exitCode()).isZero();
    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + run, "--data=" + out);
    assertThat(resumed.exitCode()).isEqualTo(2);
    assertThat(resumed.err())
        .contains(
            "must be by the tokenizer of the run, tokenizer.json, BPE of 300, got one by gpt2");
  }

  @Test
  void aTokenizerOfTheUsersIsKeptBesideTheShards() {
    Path out = folder.resolve("users");

    CommandRun users =
        CommandRun.of(
            "prepare",
            documents.toString(),
            "--out=" + out,
            "--tokenizer=" + shards.resolve("tokenizer.json"));

    assertThat(users.exitCode()).as(users.err()).isZero();
    assertThat(out.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(shards.resolve("tokenizer.json"));
  }

  /** A plain file is one document, which cannot be learned and held out. */
  @Test
  void tooFewDocumentsForBothPartsAreNamed() throws IOException {
    Path book = Files.writeString(folder.resolve("book.txt"), "One long book.");

    CommandRun one = CommandRun.of("prepare", book.toString(), "--out=" + folder.resolve("book"));

    assertThat(one.exitCode()).isEqualTo(2);
    assertThat(one.err())
        .contains("documents (1) must be enough for both parts, got none to validate on")
        .doesNotContain("to train:");
  }

  @Test
  void aForeignFolderIsRefusedBeforeAnythingIsRead() throws IOException {
    Path foreign = Files.createDirectories(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("letter.txt"), "dear");

    for (String option : List.of("--vocabulary=300", "--tokenizer=gpt2")) {
      CommandRun refused =
          CommandRun.of("prepare", documents.toString(), "--out=" + foreign, option);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("must be empty or hold shards, got other files");
      assertThat(foreign.resolve("tokenizer.json")).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--vocabulary=256|--vocabulary (256) must be at least 257: the bytes and the end of text",
        "--vocabulary=300 --tokenizer=gpt2|--tokenizer and --vocabulary cannot both be given",
        "--valid=2|--valid (2.0) must be in [0, 1]",
        "--field=|--field must name a field, got nothing",
        "--field=body|documents.jsonl, line 1, must have the field body, got only [text]: name the one",
        "--tokenizer=none.json|tokenizer file (none.json) must be an existing file",
      })
  void aMistakeIsOneLine(String options, String message) {
    CommandRun wrong =
        CommandRun.of(
            Stream.concat(
                    Stream.of("prepare", documents.toString(), "--out=" + folder.resolve("wrong")),
                    Arrays.stream(options.split(" ")))
                .toArray(String[]::new));

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.errLines()).hasSize(1);
    assertThat(wrong.err()).contains(message);
  }
}
