package org.md4j.zeroshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.ByteTokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.likelihood.Proportion;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.zeroshot.MultipleChoice.Choice;

class MultipleChoiceTest {
  private static final Offset<Double> EXACT = within(1e-9);
  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final Objective MD4 = new MaskCountElbo(MaskingSchedule.reference());
  private static final Objective AR = new AutoregressiveLikelihood();

  /** An a is e^2 times as likely as any other byte, wherever it stands. */
  private static final HostDenoiser LIKES_A =
      (input, row, position, into) -> {
        Arrays.fill(into, 0);
        into['a'] = 2;
      };

  private static final double NATS_OF_OTHERS = Math.log(255 + Math.exp(2));

  private static final ChoiceQuestion QUESTION =
      new ChoiceQuestion("xy", List.of("bbb", "aba", "abb"), 1);

  @TempDir private Path folder;

  @Test
  void theLikeliestEndingIsChosen() {
    Choice choice = scoring(LIKES_A, AR, 1).answer(QUESTION, 0);

    assertThat(choice.chosen()).isEqualTo(1);
    // Two of the context, the space, and three of the ending.
    double others = 6 * NATS_OF_OTHERS;
    assertThat(choice.costs())
        .containsExactly(new double[] {others, others - 4, others - 2}, EXACT);
    assertThat(choice.lead().mean()).isCloseTo(2, EXACT);
  }

  @Test
  void numbersOfMasksGiveTheExactCostOnAverage() {
    Choice choice = scoring(LIKES_A, MD4, 6 * 200).answer(QUESTION, 3);

    // All 6 numbers of masks as often, so only which tokens are masked is random.
    double others = 6 * NATS_OF_OTHERS;
    assertThat(choice.costs()[0]).isCloseTo(others, within(0.02 * others));
    assertThat(choice.chosen()).isEqualTo(1);
    assertThat(choice.lead().mean()).isCloseTo(2, within(4 * choice.lead().standardError()));
    assertThat(choice.lead().standardError()).isPositive();
  }

  @Test
  void endingsShareLevelsAndMasks() {
    List<List<Integer>> asked = new ArrayList<>();
    Denoiser watched =
        input -> {
          asked.add(maskedOf(input));
          return LIKES_A.logits(input);
        };

    Choice choice =
        scoring(watched, MD4, 8).answer(new ChoiceQuestion("xy", List.of("ab", "ab"), 0), 5);

    assertThat(asked).hasSize(2);
    assertThat(asked.get(0)).isEqualTo(asked.get(1));
    assertThat(choice.chosen()).isZero();
    assertThat(choice.lead().mean()).isZero();
    assertThat(choice.lead().standardError()).isZero();
  }

  /**
   * Levels are spread, not drawn, so what depends on them is no noise. Of 9 tokens, 8 of them the
   * ending's, k are masked, and an a is e^(k/2) times as likely: a lead of 9/k m k/2 = 4.5 m nats,
   * m being k or k - 1, on average 4.5 k 8/9 = 4 k, so 20 over k = 1..9.
   */
  @Test
  void theErrorOfALeadIsThatOfSpreadLevels() {
    int draws = 90;
    HostDenoiser likesMasks =
        (input, row, position, into) -> {
          Arrays.fill(into, 0);
          int masks = 0;
          for (int token : input.tokens().row(row)) {
            masks += token == input.tokens().vocabulary().maskId() ? 1 : 0;
          }
          into['a'] = masks / 2.0;
        };
    double errorIfDrawn = 4 * Math.sqrt((9 * 9 - 1) / 12.0 / draws);

    Choice choice =
        scoring(likesMasks, MD4, draws)
            .answer(new ChoiceQuestion("", List.of("bbbbbbbb", "aaaaaaaa"), 1), 0);

    assertThat(choice.lead().standardError()).isBetween(0.05 * errorIfDrawn, 0.5 * errorIfDrawn);
    assertThat(choice.lead().mean()).isCloseTo(20, within(4 * choice.lead().standardError()));
    assertThat(scoring(LIKES_A, MD4, 1).answer(QUESTION, 0).lead().standardError()).isNaN();
  }

  @Test
  void anEndOfTextStandsBeforeTheContext() {
    Tokenizer gpt2 = new Gpt2Tokenizer();
    List<int[]> rows = new ArrayList<>();
    HostDenoiser uniform =
        (input, row, position, into) -> {
          Arrays.fill(into, 0);
          if (position == 0) {
            rows.add(input.tokens().row(row));
          }
        };

    new MultipleChoice(uniform, AR, gpt2, 32, 1, new CounterRandom(1))
        .answer(new ChoiceQuestion("He said", List.of("no", "yes"), 0), 0);

    int[] said = gpt2.encode("He said");
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0)).startsWith(50_256).contains(said).endsWith(gpt2.encode(" no"));
    assertThat(rows.get(1)).startsWith(50_256).contains(said).endsWith(gpt2.encode(" yes"));
  }

  @Test
  void drawsDependOnTheNumberOfTheQuestionAndTheSeed() {
    MultipleChoice choices = scoring(LIKES_A, MD4, 4);

    double[] first = choices.answer(QUESTION, 0).costs();
    assertThat(choices.answer(QUESTION, 0).costs()).containsExactly(first);
    assertThat(choices.answer(QUESTION, 1).costs()).isNotEqualTo(first);
  }

  /** Not only the levels: others are masked, not more or fewer. */
  @Test
  void questionsHaveMasksOfTheirOwn() {
    List<List<Integer>> asked = new ArrayList<>();
    Denoiser watched =
        input -> {
          for (int row = 0; row < input.rows().count(); row++) {
            int[] tokens = input.tokens().row(row);
            asked.add(
                IntStream.range(0, tokens.length)
                    .filter(n -> tokens[n] == input.tokens().vocabulary().maskId())
                    .boxed()
                    .toList());
          }
          return LIKES_A.logits(input);
        };
    int draws = 32;
    MultipleChoice choices = scoring(watched, MD4, draws);
    ChoiceQuestion question = new ChoiceQuestion("xyxy", List.of("abab", "abab"), 0);

    choices.answer(question, 0);
    choices.answer(question, 1);

    // Each question asks about its two endings, one after the other. Masks of the same numbers are
    // more or fewer of one order, so that one set holds the other.
    long others =
        IntStream.range(0, draws)
            .filter(d -> !asked.get(d).containsAll(asked.get(2 * draws + d)))
            .filter(d -> !asked.get(2 * draws + d).containsAll(asked.get(d)))
            .count();
    assertThat(others).isGreaterThan(4);
  }

  @Test
  void aContextTooLongLosesItsBeginning() {
    MultipleChoice choices = new MultipleChoice(LIKES_A, AR, BYTES, 5, 1, new CounterRandom(1));

    Choice choice = choices.answer(new ChoiceQuestion("xxxxxxx", List.of("bb", "b"), 0), 0);

    // Two of the context are left beside " bb", and as many beside " b".
    assertThat(choice.costs())
        .containsExactly(new double[] {5 * NATS_OF_OTHERS, 4 * NATS_OF_OTHERS}, EXACT);
    assertThatThrownBy(() -> choices.answer(new ChoiceQuestion("x", List.of("bbbb", "b"), 0), 0))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("ending must be shorter than a row of 5 tokens, got 5");
  }

  @Test
  void questionsAreRead() throws IOException {
    Path file = folder.resolve("hellaswag_val.jsonl");
    Files.writeString(
        file,
        """
        {"ind": 24, "ctx": "xy", "endings": ["bbb", "aba"], "label": 1, "split": "val"}
        {"ctx": "xy", "endings": ["bbb", "aba"], "label": "0"}
        """);

    List<ChoiceQuestion> questions = ChoiceQuestion.read(file);

    assertThat(questions)
        .containsExactly(
            new ChoiceQuestion("xy", List.of("bbb", "aba"), 1),
            new ChoiceQuestion("xy", List.of("bbb", "aba"), 0));
    assertThat(scoring(LIKES_A, AR, 1).right(questions)).isEqualTo(new Proportion(1, 2));
  }

  @Test
  void aQuestionThatIsNoneIsNamed() throws IOException {
    Path file = folder.resolve("questions.jsonl");
    Files.writeString(file, "{\"ctx\": \"a\", \"endings\": [\"b\", \"c\"], \"label\": 2}\n");
    assertThatThrownBy(() -> ChoiceQuestion.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("question 1")
        .hasMessageContaining("answer (2) must be in 0..1");

    Files.writeString(file, "\n{\"ctx\": \"a\"}\n");
    assertThatThrownBy(() -> ChoiceQuestion.read(file))
        .hasMessageContaining("some of them are missing");

    Files.writeString(file, "no json\n");
    assertThatThrownBy(() -> ChoiceQuestion.read(file)).hasMessageContaining("got something else");

    Files.writeString(file, "\n");
    assertThatThrownBy(() -> ChoiceQuestion.read(file)).hasMessageContaining("at least one");
  }

  private static MultipleChoice scoring(Denoiser denoiser, Objective objective, int draws) {
    return new MultipleChoice(denoiser, objective, BYTES, 32, draws, new CounterRandom(1));
  }

  private static List<Integer> maskedOf(DenoiserInput input) {
    return Arrays.stream(input.tokens().maskedPositions()).boxed().toList();
  }
}
