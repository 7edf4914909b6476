package org.md4j.cli.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

class BlankPatternTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final int ROWS = 200;
  private static final int LENGTH = 6;

  @ParameterizedTest
  @EnumSource
  void everyRowHasAsManyBlanksAndEveryPositionIsOneInSome(BlankPattern pattern) {
    TokenBatch clean = TokenBatch.ofFlat(VOCABULARY, ROWS, new int[ROWS * LENGTH]);
    for (int count = 1; count <= LENGTH; count++) {
      TokenBatch start = pattern.in(clean, count, new CounterRandom(5));
      boolean[] blank = new boolean[LENGTH];
      for (int b = 0; b < ROWS; b++) {
        int[] blanks = start.rows(b, b + 1).maskedPositions();
        assertThat(blanks).hasSize(count);
        if (pattern == BlankPattern.SPAN) {
          assertThat(blanks[count - 1] - blanks[0]).isEqualTo(count - 1);
        }
        Arrays.stream(blanks).forEach(n -> blank[n] = true);
      }
      assertThat(blank).containsOnly(true);
      assertThat(pattern.in(clean, count, new CounterRandom(5))).isEqualTo(start);
    }
  }
}
