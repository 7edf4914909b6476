package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.cli.CommandRun;
import org.md4j.core.RowSource;
import org.md4j.data.TokenShards;
import org.md4j.likelihood.SampleMean;
import org.md4j.quality.NgramModel;

/** A run of words, and all that can be done with it. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class WordsRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path folder;
  private TinyWords words;
  private Path documents;
  private Path shards;
  private Path run;
  private CommandRun training;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    words = TinyWords.in(folder);
    documents = words.documents();
    shards = words.shards();
    run = folder.resolve("run");
    training = words.train(run, "--steps=3", "--json");
  }

  @Test
  void aRunIsOfWords() throws IOException {
    assertThat(training.exitCode()).as(training.err()).isZero();
    JsonNode summary = JSON.readTree(training.outLines().get(3));
    assertThat(summary.get("valid_bits").asDouble()).isBetween(2.0, 12.0);
    assertThat(summary.get("tokens_per_second").asDouble()).isPositive();
    assertThat(training.err())
        .contains(
            "bits/token", "3 samples of 16 tokens", "sampled words occur in the training text");
    JsonNode config = JSON.readTree(run.resolve("config.json").toFile());
    assertThat(config.get("tokenizer").asText()).isEqualTo("tokenizer.json");
    assertThat(config.at("/network/vocabularySize").asInt()).isEqualTo(300);
    assertThat(run.resolve("tokenizer.json"))
        .hasSameBinaryContentAs(shards.resolve("tokenizer.json"));
    assertThat(Files.readAllLines(run.resolve("samples.txt"))).hasSize(3);
  }

  @Test
  void samplesOfASeedRepeatEachOnALine() {
    String[] command = {"sample", run.toString(), "--count=2", "--steps=5", "--json"};

    CommandRun first = CommandRun.of(command);

    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.outLines()).hasSize(3);
    assertThat(first.err()).contains("32 tokens in ");
    assertThat(CommandRun.of(command).outLines().subList(0, 2))
        .isEqualTo(first.outLines().subList(0, 2));
  }

  @Test
  void blanksAreTokensAndWhatIsGivenStays() throws IOException {
    Path page = folder.resolve("page.html");

    CommandRun infill =
        CommandRun.of(
            "infill",
            run.toString(),
            "In 1900 the _ had",
            "--count=2",
            "--steps=4",
            "--lengths=1,3",
            "--report=" + page);

    assertThat(infill.exitCode()).as(infill.err()).isZero();
    assertThat(String.join("|", infill.outLines()))
        .matches("(In 1900 the.* had[|]){3}In 1900 the.* had");
    assertThat(page).isNotEmptyFile();
    CommandRun best =
        CommandRun.of("infill", run.toString(), "In 1900 the _ had", "--lengths=1-3", "--best");
    assertThat(best.exitCode()).as(best.err()).isZero();
    assertThat(best.outLines()).singleElement().asString().matches("In 1900 the.* had");
    assertThat(best.err()).contains("likeliest of 9: ");
  }

  @Test
  void heldOutDocumentsAreMeasuredInBitsAToken() throws IOException {
    CommandRun evaluation =
        CommandRun.of("evaluate", run.toString(), "--max-evaluations=64", "--json");
    CommandRun other =
        CommandRun.of(
            "evaluate",
            run.toString(),
            "--max-evaluations=64",
            "--json",
            "--data="
                + Files.writeString(
                    folder.resolve("o.txt"), "The Caf\u00e9 had guests. ".repeat(40)));

    assertThat(evaluation.exitCode()).as(evaluation.err()).isZero();
    JsonNode json = JSON.readTree(evaluation.out());
    assertThat(json.get("bits_per_token").asDouble()).isBetween(2.0, 12.0);
    assertThat(json.get("data").asText()).isEqualTo("documents.jsonl, valid, chunks of 16");
    assertThat(json.get("context_length").asInt()).isEqualTo(16);
    assertThat(other.exitCode()).as(other.err()).isZero();
    assertThat(JSON.readTree(other.out()).get("data").asText()).startsWith("o.txt");
    CommandRun lines =
        CommandRun.of(
            "evaluate", run.toString(), "--max-evaluations=64", "--json", "--data=" + documents);
    assertThat(lines.exitCode()).as(lines.err()).isZero();
    assertThat(JSON.readTree(lines.out()).get("data").asText())
        .isEqualTo("documents.jsonl, chunks of 16");
    CommandRun test = CommandRun.of("evaluate", run.toString(), "--split=test");
    assertThat(test.exitCode()).isEqualTo(2);
    assertThat(test.err()).contains("--split test is of no use to this run, whose documents");
  }

  @Test
  void nGramsOfWhatWasLearnedAreMeasuredOnTheSameRows() throws IOException {
    CommandRun evaluation =
        CommandRun.of("evaluate", run.toString(), "--baselines", "--standard-error=1", "--json");
    assertThat(evaluation.exitCode()).as(evaluation.err()).isZero();
    JsonNode baselines = JSON.readTree(evaluation.out()).get("baselines");
    TokenShards all = TokenShards.open(shards);
    RowSource rows = all.valid().chunks(16);

    assertThat(baselines.findValuesAsText("name")).containsExactly("1-grams", "3-grams");
    assertThat(baselines.findValuesAsText("rows")).containsOnly("" + rows.size());
    for (int i = 0; i < 2; i++) {
      SampleMean bits = NgramModel.of(all.train(), 1 + 2 * i).bitsPerToken(rows);
      assertThat(baselines.get(i).get("bits_per_token").asDouble()).isEqualTo(bits.mean());
      assertThat(baselines.get(i).get("standard_error").asDouble()).isEqualTo(bits.standardError());
    }
  }

  @Test
  void drawnWordsAreJudgedAgainstTheirVariety() throws IOException {
    Path judge = folder.resolve("judge");
    assertThat(words.train(judge, "--steps=2", "--model=ar").exitCode()).isZero();
    Path out = folder.resolve("words");

    CommandRun study =
        CommandRun.of(
            "study",
            "words",
            run.toString(),
            "--judge=" + judge,
            "--rows=3",
            "--steps=2,4",
            "--temperatures=0.5,1",
            "--out=" + out);

    assertThat(study.exitCode()).as(study.err()).isZero();
    assertThat(study.outLines()).hasSize(2 + 1 + 4);
    assertThat(study.outLines().get(0)).contains("| perplexity under the ar run judge | entropy");
    assertThat(study.outLines().get(2)).startsWith("| *held-out text* |");
    assertThat(study.outLines().get(6))
        .matches("\\| event-driven \\| 4 \\| 1.00 .*%% \\|".replace("%%", "%"));
    JsonNode json = JSON.readTree(out.resolve("words.json").toFile());
    assertThat(json.at("/rows/0/temperature").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/rows/3/bits_per_token/0/mean").asDouble()).isPositive();
    assertThat(json.at("/rows/3/variety/text_entropy/mean").asDouble()).isBetween(1.0, 4.0);
    assertThat(json.at("/held_out/variety/distinct_pairs").asDouble()).isBetween(0.1, 1.0);
    assertThat(out.resolve("words.png")).isNotEmptyFile();
    assertThat(Files.readAllLines(out.resolve("texts/event-driven-temperature-0.5-cosine-2.txt")))
        .hasSize(3);
  }

  @Test
  void wordsAreNotJudgedByNothingOrByAnotherKind() {
    CommandRun none =
        CommandRun.of("study", "words", run.toString(), "--out=" + folder.resolve("nothing"));
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("--judge or --onnx must be given");
    CommandRun itself =
        CommandRun.of(
            "study",
            "words",
            run.toString(),
            "--judge=" + run,
            "--rows=2",
            "--out=" + folder.resolve("nothing"));
    assertThat(itself.exitCode()).isEqualTo(2);
    assertThat(itself.err()).contains("must be an ar run, got another");
    assertThat(folder.resolve("nothing")).doesNotExist();
  }

  @Test
  void aRunThatIsOverGoesOnToTheSameEnd() throws IOException {
    Path unbroken = folder.resolve("unbroken");
    assertThat(words.train(unbroken, "--steps=3").exitCode()).isZero();

    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + unbroken);

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(unbroken.resolve("checkpoint.md4"))
        .hasSameBinaryContentAs(run.resolve("checkpoint.md4"));
  }

  /** Shards made anew of other documents: what is validated on may have been learned. */
  @Test
  void otherShardsThanTheRunsOwnAreRefused() throws IOException {
    Path own = folder.resolve("own");
    String[] again = {"prepare", documents.toString(), "--out=" + own, "--valid=0.3", "--seed=1"};
    assertThat(CommandRun.of(again).exitCode()).isZero();
    Path other = folder.resolve("other-run");
    CommandRun trained =
        CommandRun.of(
            "train",
            "text",
            "--data=" + own,
            "--steps=1",
            "--batch=2",
            "--length=16",
            "--eval-rows=4",
            "--out=" + other);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    again[4] = "--seed=2";
    assertThat(CommandRun.of(again).exitCode()).isZero();

    CommandRun evaluation = CommandRun.of("evaluate", other.toString());

    assertThat(evaluation.exitCode()).isEqualTo(2);
    assertThat(evaluation.err()).contains("must be those this run was trained on (sha256 ");
  }

  @Test
  void aDamagedShardIsNotTrainedOn() throws IOException {
    Path damaged = Files.createDirectories(folder.resolve("damaged"));
    try (Stream<Path> files = Files.list(shards)) {
      for (Path file : files.toList()) {
        Files.copy(file, damaged.resolve(file.getFileName()));
      }
    }
    Path tokens = damaged.resolve("train-00000.tokens");
    byte[] content = Files.readAllBytes(tokens);
    content[content.length / 2] ^= 1;
    Files.write(tokens, content);
    Path out = folder.resolve("never");

    CommandRun refused =
        CommandRun.of("train", "text", "--data=" + damaged, "--length=16", "--out=" + out);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errLines()).hasSize(1);
    assertThat(refused.err())
        .contains("shard (" + tokens + ") must have the SHA-256 ", "it was changed or damaged");
    assertThat(out).doesNotExist();
  }

  @Test
  void otherPathsThanAFolderOfShardsAreNamed() throws IOException {
    CommandRun two = CommandRun.of("train", "text", "--data=" + documents, "--data=" + documents);
    assertThat(two.exitCode()).isEqualTo(2);
    assertThat(two.err())
        .contains("--data must be one file of 27 symbols, or one folder of shards");
    CommandRun letters = CommandRun.of("train", "text", "--preset=gpt2-small");
    assertThat(letters.exitCode()).isEqualTo(2);
    assertThat(letters.err())
        .contains("--preset gpt2-small must be given words, as --data FOLDER", "27 symbols");
    CommandRun study =
        CommandRun.of("study", "sampling", run.toString(), "--out=" + folder.resolve("study"));
    assertThat(study.exitCode()).isEqualTo(2);
    assertThat(study.err()).contains("must hold a run of kind text, got one of kind words");
    Path begun = Files.createDirectories(folder.resolve("begun"));
    Files.writeString(
        begun.resolve("shards.json"),
        Files.readString(shards.resolve("shards.json"))
            .replace("\"complete\" : true", "\"complete\" : false"));
    CommandRun unfinished = CommandRun.of("train", "text", "--data=" + begun);
    assertThat(unfinished.exitCode()).isEqualTo(2);
    assertThat(unfinished.err()).contains("must hold all shards, got the first 1");
  }
}
