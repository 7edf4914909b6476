package org.md4j.zeroshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.Denoiser;
import org.md4j.core.HostDenoiser;
import org.md4j.data.DataException;
import org.md4j.data.Tokenizer;
import org.md4j.data.text.Gpt2Tokenizer;
import org.md4j.diffusion.Fit;
import org.md4j.likelihood.Proportion;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.sampling.DrawnRows;
import org.md4j.sampling.RowSampling;
import org.md4j.schedule.MaskingSchedule;

class LastWordsTest {
  private static final Tokenizer GPT2 = new Gpt2Tokenizer();
  private static final int END = 50_256;
  private static final int MASK = 50_257;

  /** " unquestioningly" is three tokens of GPT-2. */
  private static final List<String> PASSAGES = List.of("He said no", "She asked unquestioningly");

  @Test
  void aRowEndsInABlankForEachTokenOfTheWord() {
    LastWords words = LastWords.of(PASSAGES, GPT2, 64);

    int[] no = GPT2.encode(" no");
    int[] long3 = GPT2.encode(" unquestioningly");
    assertThat(words.answers().get(0)).containsExactly(no);
    assertThat(words.answers().get(1)).containsExactly(long3).hasSizeGreaterThan(1);
    int[] given = GPT2.encode("He said");
    assertThat(words.starts().get(0)).startsWith(END).endsWith(given[given.length - 1], MASK);
    int[] start = words.starts().get(1);
    assertThat(Arrays.stream(start).filter(token -> token == MASK).count()).isEqualTo(long3.length);
    assertThat(start).hasSize(1 + GPT2.encode("She asked").length + long3.length);
  }

  @Test
  void aWordOnALineOfItsOwnIsGivenItsLineEnd() {
    LastWords words = LastWords.of(List.of("He said:\nno"), GPT2, 64);

    assertThat(words.answers().get(0)).containsExactly(GPT2.encode("no"));
    int[] given = GPT2.encode("He said:\n");
    assertThat(words.starts().get(0)).hasSize(1 + given.length + 1).contains(given);
  }

  @Test
  void theEndOfALongPassageIsKept() {
    LastWords words = LastWords.of(PASSAGES.subList(0, 1), GPT2, 2);

    assertThat(words.starts().get(0)).containsExactly(GPT2.encode(" said")[0], MASK);
    assertThatThrownBy(() -> LastWords.of(PASSAGES, GPT2, 2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("last word of passage 2 must be shorter than a row of 2 tokens");
  }

  @Test
  void wordsFilledInAsPublishedAreCounted() {
    LastWords words = LastWords.of(PASSAGES, GPT2, 64);
    Fit fit = new Fit(new ContinuousTimeElbo(MaskingSchedule.reference()));

    assertThat(right(words, fit, knowing(words.answers()))).isEqualTo(new Proportion(2, 2));
    int[] wrong = words.answers().get(1).clone();
    wrong[1] = 11;
    assertThat(right(words, fit, knowing(List.of(words.answers().get(0), wrong))))
        .isEqualTo(new Proportion(1, 2));
  }

  /** The first token can be told only when the last one, which is surer, is there. */
  @Test
  void theSurestBlankIsFilledFirst() {
    LastWords words = LastWords.of(PASSAGES.subList(1, 2), GPT2, 64);
    int[] answer = words.answers().get(0);
    int last = answer.length - 1;
    HostDenoiser needsTheLast =
        (input, row, position, into) -> {
          Arrays.fill(into, 0);
          int first = input.rows().length() - answer.length;
          boolean known = input.tokens().token(row, first + last) == answer[last];
          int n = position - first;
          into[known || n == last ? answer[n] : 11] = known || n == last ? 30 : 5;
        };
    Fit fit = new Fit(new ContinuousTimeElbo(MaskingSchedule.reference()));

    assertThat(right(words, fit, needsTheLast)).isEqualTo(new Proportion(1, 1));
  }

  @Test
  void autoregressiveModelsFillFromTheLeft() {
    LastWords words = LastWords.of(PASSAGES, GPT2, 64);
    List<Integer> masksAsked = new ArrayList<>();
    HostDenoiser knowing = knowing(words.answers());
    HostDenoiser watched =
        (input, row, position, into) -> {
          masksAsked.add(position);
          knowing.logits(input, row, position, into);
        };

    assertThat(right(words, new Fit(new AutoregressiveLikelihood()), watched))
        .isEqualTo(new Proportion(2, 2));
    // One position a call, first of the shorter row, then of the longer.
    assertThat(masksAsked).hasSize(1 + words.answers().get(1).length).isSorted();
  }

  @Test
  void aPassageOfOneWordIsRefused() {
    assertThatThrownBy(() -> LastWords.of(List.of("a b", "alone"), GPT2, 8))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("passage 2 must have a word before its last, got alone");
  }

  private static Proportion right(LastWords words, Fit fit, Denoiser denoiser) {
    DrawnRows drawn =
        new RowSampling(LastWords.sampler(fit), GPT2.vocabulary(), words.starts(), 0)
            .draw(denoiser);
    return words.right(drawn);
  }

  /** Finds the answer of the row of each length likeliest, surest of its last token. */
  private static HostDenoiser knowing(List<int[]> answers) {
    LastWords words = LastWords.of(PASSAGES, GPT2, 64);
    return (input, row, position, into) -> {
      Arrays.fill(into, 0);
      int length = input.rows().length();
      for (int i = 0; i < answers.size(); i++) {
        int[] answer = answers.get(i);
        int first = length - answer.length;
        if (words.starts().get(i).length == length && position >= first) {
          into[answer[position - first]] = 12 + position;
        }
      }
    };
  }
}
