package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownWordsTest {
  private static final String TEXT = "ord the cat sat  on the mat and the en";

  @Test
  void wordsAreWhatStandsBetweenBlanksHoweverTheTextIsCut() {
    KnownWords whole = known(TEXT);
    assertThat(whole.count()).isEqualTo(6);

    for (int cut = 0; cut <= TEXT.length(); cut++) {
      KnownWords parts = known(TEXT.substring(0, cut), TEXT.substring(cut));

      assertThat(parts.count()).as("cut at %s", cut).isEqualTo(6);
      assertThat(parts.share(TEXT)).isEqualTo(new KnownWords.Share(8, 8));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'the', 0, 0",
    "' ', 0, 0",
    "' the', 0, 0",
    "'the ', 0, 0",
    "' the ', 1, 1",
    "'xx the cut mat  sat yy', 4, 3",
    "'xx  ord en ', 2, 0"
  })
  void shareCountsWholeWordsOnly(String text, long words, long knownWords) {
    assertThat(known(TEXT).share(text)).isEqualTo(new KnownWords.Share(words, knownWords));
  }

  @Test
  void sharesAddUp() {
    KnownWords.Share sum = new KnownWords.Share(4, 3).plus(new KnownWords.Share(2, 0));

    assertThat(sum).isEqualTo(new KnownWords.Share(6, 3));
    assertThat(sum.value()).isEqualTo(0.5);
    assertThat(new KnownWords.Share(0, 0).value()).isNaN();
  }

  private static KnownWords known(String... parts) {
    KnownWords.Collector collector = new KnownWords.Collector();
    for (String part : parts) {
      collector.add(part);
    }
    return collector.build();
  }
}
