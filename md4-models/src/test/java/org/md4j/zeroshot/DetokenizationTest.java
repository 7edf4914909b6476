package org.md4j.zeroshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DetokenizationTest {
  /**
   * What the functions of SEDD's data.py (commit 0605786) printed for these texts, Python 3. For
   * every line of WikiText2's test part and every passage of LAMBADA, too, they and the rules here
   * give the same, and those of PTB and 1BW on the lines of WikiText2.
   */
  static Stream<Arguments> published() {
    return Stream.of(
        Arguments.of(EvaluationSet.WIKITEXT2, " = = Career = = \n", " == Career ==\n"),
        Arguments.of(
            EvaluationSet.WIKITEXT103,
            " He had a guest @-@ starring role in 2000 , said 1 @,@ 000 fans ( and 3 @.@ 5 critics )"
                + " ; it 's \" good \" . \n",
            " He had a guest-starring role in 2000, said 1,000 fans (and 3.5 critics); it's"
                + " \"good\".\n"),
        Arguments.of(
            EvaluationSet.WIKITEXT2,
            " the boys ' club at 5 \u00b0 N of [ sic ] x : y ! z ? \n",
            " the boys' club at 5\u00b0N of [sic] x: y! z?\n"),
        Arguments.of(
            EvaluationSet.PENN_TREEBANK,
            "mr. vinken is N years old and N N of the board 's members do n't mind <unk>",
            "mr. vinken is 1 years old and 1 1 of the board's members don't mind ?"),
        Arguments.of(
            EvaluationSet.PENN_TREEBANK,
            "a $ N million deal \\/ the boys ' club # N",
            "a $1 million deal / the boys' club # N"),
        Arguments.of(
            EvaluationSet.ONE_BILLION_WORDS,
            "He said : \" It 's fine . \" Then ( later ) he left , didn 't he ?",
            "He said: \"It's fine.\" Then (later) he left, didn't he?"),
        Arguments.of(
            EvaluationSet.ONE_BILLION_WORDS,
            "See http : / / www.x.com / y for $ 5 or \u00a3 6 ; stop !",
            "See http://www.x.com/y for $5 or \u00a36; stop!"),
        Arguments.of(EvaluationSet.ONE_BILLION_WORDS, "It is a b . c d . e", "It is a b. c d. e"),
        Arguments.of(
            EvaluationSet.ONE_BILLION_WORDS, "the ' big ' one [ sic ] .", "the 'big' one [sic] ."),
        Arguments.of(
            EvaluationSet.LAMBADA,
            "  \u201cHello,\u201d she said. Who is Bob?\n",
            "\n\"Hello,\" she said. Who is Bob?"));
  }

  @ParameterizedTest
  @MethodSource("published")
  void textIsJoinedAsThePublishedProgramsDo(EvaluationSet set, String from, String to) {
    assertThat(set.example(from, true)).isEqualTo(to);
  }

  @Test
  void rawTextStaysAsPublished() {
    assertThat(EvaluationSet.WIKITEXT2.example(" a , b \n", false)).isEqualTo(" a , b \n");
    assertThat(EvaluationSet.LAMBADA.example(" \u201ca\u201d ", false))
        .isEqualTo(" \u201ca\u201d ");
    assertThat(EvaluationSet.PENN_TREEBANK.example(" it 's N \n", false)).isEqualTo("it 's N");
  }

  @Test
  void anEmptyLineOfWikiTextIsAnEmptyExample() {
    assertThat(EvaluationSet.WIKITEXT103.example(" \n", true)).isEmpty();
    assertThat(EvaluationSet.WIKITEXT103.example(" \n", false)).isEmpty();
  }
}
