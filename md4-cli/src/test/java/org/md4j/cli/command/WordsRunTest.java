package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.CommandRun;
import org.md4j.core.RowSource;
import org.md4j.data.TokenShards;
import org.md4j.data.text.HuggingFaceTokenizer;
import org.md4j.likelihood.SampleMean;
import org.md4j.quality.NgramModel;
import org.md4j.zeroshot.EvaluationSet;
import org.md4j.zeroshot.EvaluationText;

/** From documents to shards, a run of words, and all that can be done with it. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class WordsRunTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path folder;
  private Path documents;
  private Path shards;
  private Path run;
  private CommandRun preparation;
  private CommandRun training;

  @BeforeAll
  void prepareAndTrain(@TempDir Path temporary) throws IOException {
    folder = temporary;
    documents = Files.write(folder.resolve("documents.jsonl"), lines());
    shards = folder.resolve("shards");
    run = folder.resolve("run");
    preparation =
        CommandRun.of(
            "prepare",
            documents.toString(),
            "--out=" + shards,
            "--vocabulary=300",
            "--valid=0.2",
            "--seed=3");
    training = train(run, "--steps=3", "--json");
  }

  private static List<String> lines() {
    return IntStream.range(0, 300)
        .mapToObj(
            d -> "{\"text\":\"In %d the Caf\u00e9 had\\n%d guests.\"}".formatted(1900 + d, d % 17))
        .toList();
  }

  private CommandRun train(Path out, String... more) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(
                    "train",
                    "text",
                    "--data=" + shards,
                    "--batch=4",
                    "--length=16",
                    "--eval-rows=8",
                    "--out=" + out),
                Arrays.stream(more))
            .toArray(String[]::new));
  }

  @Test
  void documentsBecomeShardsAndATokenizer() {
    assertThat(preparation.exitCode()).as(preparation.err()).isZero();
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

    CommandRun again =
        CommandRun.of(
            "prepare",
            documents.toString(),
            "--out=" + shards,
            "--vocabulary=300",
            "--valid=0.2",
            "--seed=3");

    assertThat(again.out()).isEqualTo(preparation.out());
    assertThat(shards.resolve("shards.json")).hasBinaryContent(before);
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

  private Path sets() throws IOException {
    Path sets = Files.createDirectories(folder.resolve("sets"));
    Files.writeString(sets.resolve("wiki.test.raw"), " In 1900 , the Caf\u00e9 . \n \n".repeat(20));
    Files.writeString(
        sets.resolve("lambada_test.jsonl"),
        "{\"text\": \"In 1900 the Caf\u00e9 had guests\"}\n".repeat(20));
    return sets;
  }

  @Test
  void nGramsOfWhatWasLearnedAreMeasuredOnTheSameRows() throws IOException {
    CommandRun evaluation =
        CommandRun.of("evaluate", run.toString(), "--baselines", "--standard-error=1", "--json");
    assertThat(evaluation.exitCode()).as(evaluation.err()).isZero();
    JsonNode baselines = new ObjectMapper().readTree(evaluation.out()).get("baselines");
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
  void setsOfOthersAreMeasured() throws IOException {
    Path questions =
        Files.writeString(
            folder.resolve("questions.jsonl"),
            "{\"ctx\": \"In 1900\", \"endings\": [\"the\", \"qqqq qqqq\"], \"label\": 0}");
    String[] command = {
      "zero-shot",
      run.toString(),
      "--sets=" + sets(),
      "--choices=" + questions,
      "--choice-draws=4",
      "--last-words=3"
    };

    CommandRun table = CommandRun.of(command);

    assertThat(table.exitCode()).as(table.err()).isZero();
    assertThat(table.outLines().get(0)).startsWith("| set | bits/token | perplexity of a token |");
    assertThat(table.outLines().get(2)).matches("\\| LAMBADA \\| [0-9.]+ \u00b1 .*\\| 44.12 \\|");
    assertThat(table.outLines().get(3)).startsWith("| WikiText2 |").endsWith("| 25.84 |");
    assertThat(table.out())
        .contains(
            "wiki.test.raw, 40 examples of 120 words and ",
            "PTB: no ptb.test.txt in ",
            "last words of LAMBADA, filled in with the number of tokens known: ",
            "of 3 right",
            "questions answered: ",
            "of 1 right",
            "95 % interval",
            "choices: " + questions + ", the bound of an end of text, context and ending, 4 draws",
            "last words: at most the first 3 passages, a blank for each token of the word, the"
                + " likeliest token each time, the surest blank first",
            "text: detokenised by the rules of SEDD and MDLM",
            "estimator: upper bound (ELBO), mask-count, 4 draws a row");
  }

  @Test
  void oneLineOfJsonHasEveryChoiceAndNumber() throws IOException {
    CommandRun json =
        CommandRun.of(
            "zero-shot",
            run.toString(),
            "--sets=" + sets(),
            "--raw",
            "--draws=2",
            "--last-words=0",
            "--ngram-tokens=500",
            "--json");

    assertThat(json.exitCode()).as(json.err()).isZero();
    assertThat(json.outLines()).hasSize(1);
    JsonNode summary = JSON.readTree(json.out());
    assertThat(summary.get("text").asText()).isEqualTo("raw, as published");
    assertThat(summary.get("last_words").isNull()).isTrue();
    assertThat(summary.get("missing")).hasSize(2);
    JsonNode two = summary.at("/sets/1");
    JsonNode many = summary.at("/sets/2");
    assertThat(two.get("set").asText()).isEqualTo("WikiText2");
    assertThat(many.get("set").asText()).isEqualTo("WikiText103");
    for (String field : List.of("sha256", "bits_per_token", "standard_error", "unigram")) {
      assertThat(two.get(field)).as(field).isEqualTo(many.get(field));
    }
    int rows = two.get("rows_of_all").asInt();
    assertThat(two.get("rows").asInt()).isEqualTo(rows);
    assertThat(two.get("evaluations").asInt()).isEqualTo(2 * rows);
    double bits = two.get("bits_per_token").asDouble();
    double tokens = two.get("tokens").asDouble();
    assertThat(two.get("bits_per_byte").asDouble() * two.get("bytes").asDouble())
        .isCloseTo(bits * tokens, within(1e-6 * bits * tokens));
    assertThat(two.get("perplexity").asDouble()).isCloseTo(Math.pow(2, bits), within(1e-6));
    for (int order : new int[] {1, 3}) {
      NgramModel counted = NgramModel.of(TokenShards.open(shards).train().part(0, 500), order);
      EvaluationText text =
          EvaluationText.read(
              EvaluationSet.WIKITEXT2,
              List.of(folder.resolve("sets/wiki.test.raw")),
              HuggingFaceTokenizer.read(shards.resolve("tokenizer.json")),
              false);
      assertThat(
              two.at(order == 1 ? "/unigram/bits_per_token" : "/trigram/bits_per_token").asDouble())
          .isCloseTo(counted.bitsPerToken(text.tokens().chunks(16)).mean(), within(1e-9));
    }
    assertThat(two.at("/published_perplexity/MD4 small").asDouble()).isEqualTo(34.94);
  }

  @Test
  void drawnWordsAreJudgedAgainstTheirVariety() throws IOException {
    Path judge = folder.resolve("judge");
    assertThat(train(judge, "--steps=2", "--model=ar").exitCode()).isZero();
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

  @ParameterizedTest
  @ValueSource(strings = {"ar", "genmd4", "sedd"})
  void modelsOfEveryKindAreMeasured(String model) throws IOException {
    Path trained = folder.resolve("zero-shot-" + model);
    assertThat(train(trained, "--steps=2", "--model=" + model).exitCode()).isZero();
    Path questions =
        Files.writeString(
            folder.resolve(model + ".jsonl"),
            "{\"ctx\": \"In 1900\", \"endings\": [\"the\", \"the\"], \"label\": 0}");

    CommandRun measured =
        CommandRun.of(
            "zero-shot",
            trained.toString(),
            "--sets=" + sets(),
            "--rows=4",
            "--last-words=2",
            "--choices=" + questions,
            "--choice-draws=3",
            "--json");

    assertThat(measured.exitCode()).as(measured.err()).isZero();
    JsonNode summary = JSON.readTree(measured.out());
    assertThat(summary.at("/sets/0/rows").asInt()).isEqualTo(4);
    assertThat(summary.at("/sets/0/evaluations").asInt()).isEqualTo(model.equals("ar") ? 4 : 16);
    assertThat(summary.at("/last_words/of").asInt()).isEqualTo(2);
    assertThat(summary.at("/choices/right").asInt()).isEqualTo(1);
    // Two equal endings: nothing decides between them, and an ar run has no noise to speak of.
    assertThat(summary.get("undecided_choices").toString())
        .isEqualTo(model.equals("ar") ? "null" : "1");
  }

  @Test
  void everyFileIsCheckedBeforeTheNetworkIsAsked() throws IOException {
    CommandRun missing =
        CommandRun.of(
            "zero-shot", run.toString(), "--sets=" + sets(), "--choices=" + folder.resolve("no"));
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.errLines()).hasSize(1);
    assertThat(missing.err()).contains("questions (").contains("cannot be read");
  }

  @Test
  void whatCannotBeMeasuredIsNamed() throws IOException {
    CommandRun none = CommandRun.of("zero-shot", run.toString(), "--sets=" + shards);
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("must hold one of lambada_test.jsonl, wiki.test.raw");
    CommandRun draws = CommandRun.of("zero-shot", run.toString(), "--sets=" + sets(), "--draws=0");
    assertThat(draws.exitCode()).isEqualTo(2);
    assertThat(draws.err()).contains("--draws (0) must be at least 1");
    CommandRun nowhere =
        CommandRun.of("zero-shot", run.toString(), "--sets=" + folder.resolve("nowhere"));
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.errLines()).hasSize(1);
    assertThat(nowhere.err()).contains("nowhere) must be a folder");
  }

  @Test
  void aRunThatIsOverGoesOnToTheSameEnd() throws IOException {
    Path unbroken = folder.resolve("unbroken");
    assertThat(train(unbroken, "--steps=3").exitCode()).isZero();

    CommandRun resumed = CommandRun.of("train", "text", "--resume=" + unbroken);

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(unbroken.resolve("checkpoint.md4"))
        .hasSameBinaryContentAs(run.resolve("checkpoint.md4"));
  }

  @Test
  void gpt2IsTheUsualTokenizer() {
    Path out = folder.resolve("gpt2");

    CommandRun gpt2 = CommandRun.of("prepare", documents.toString(), "--out=" + out);

    assertThat(gpt2.exitCode()).as(gpt2.err()).isZero();
    assertThat(gpt2.out()).endsWith("vocabulary of 50,257 (gpt2)" + System.lineSeparator());
    assertThat(out.resolve("tokenizer.json")).doesNotExist();
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
