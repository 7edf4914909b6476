package org.md4j.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.cli.CommandRun;
import org.md4j.data.TokenShards;
import org.md4j.data.text.HuggingFaceTokenizer;
import org.md4j.quality.NgramModel;
import org.md4j.zeroshot.EvaluationSet;
import org.md4j.zeroshot.EvaluationText;

/** A run of words on the sets of others. */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("slow")
class ZeroShotTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Path folder;
  private TinyWords words;
  private Path shards;
  private Path run;

  @BeforeAll
  void train(@TempDir Path temporary) throws IOException {
    folder = temporary;
    words = TinyWords.in(folder);
    shards = words.shards();
    run = folder.resolve("run");
    assertThat(words.train(run, "--steps=3").exitCode()).isZero();
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

  @ParameterizedTest
  @ValueSource(strings = {"ar", "genmd4", "sedd"})
  void modelsOfEveryKindAreMeasured(String model) throws IOException {
    Path trained = folder.resolve("zero-shot-" + model);
    assertThat(words.train(trained, "--steps=2", "--model=" + model).exitCode()).isZero();
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
}
