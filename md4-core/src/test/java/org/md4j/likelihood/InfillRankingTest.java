package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.HostDenoiser;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.DrawnRow;
import org.md4j.schedule.MaskingSchedule;

class InfillRankingTest {
  private static final Offset<Double> EXACT = within(1e-9);
  private static final Vocabulary FOUR = new Vocabulary(4);
  private static final int MASK = 4;

  /**
   * Token v has probability 2^-(v+1), the last as much as the one before it, wherever it stands.
   */
  private static final HostDenoiser HALVING =
      HostDenoiser.of(
          FOUR,
          (input, row, position, into) -> {
            for (int v = 0; v < 4; v++) {
              into[v] = -Math.min(v + 1, 3) * Math.log(2);
            }
          });

  private static final InfillLikelihood LIKELIHOOD =
      new InfillLikelihood(HALVING, MaskingSchedule.reference(), 12);

  private static final DrawnRow DEAR = row(new int[] {0, MASK, 3}, new int[] {0, 3, 3});
  private static final DrawnRow CHEAP = row(new int[] {0, MASK, 3}, new int[] {0, 0, 3});
  private static final DrawnRow TWO = row(new int[] {0, MASK, MASK, 3}, new int[] {0, 0, 2, 3});

  @Test
  void theLikeliestIsFirstWhateverItsBlanks() {
    InfillRanking ranking = ranked(List.of(DEAR, TWO, CHEAP));

    assertThat(ranking.rows())
        .extracting(InfillRanking.Ranked::row)
        .containsExactly(CHEAP, TWO, DEAR);
    assertThat(ranking.rows().get(0).bitsPerBlank()).isCloseTo(1, EXACT);
    assertThat(ranking.rows().get(2).bitsPerBlank()).isCloseTo(3, EXACT);
    assertThat(ranking.rows()).extracting(ranked -> ranked.blanks(FOUR)).containsExactly(1, 2, 1);
    // Of two blanks, 1 and 3 bits: one masked shows either of them, both masked the mean.
    assertThat(ranking.rows().get(1).bitsPerBlank()).isBetween(1.0, 3.0);
  }

  @Test
  void costsDoNotDependOnTheOrderOfTheRows() {
    List<DrawnRow> rows = new ArrayList<>(List.of(DEAR, TWO, CHEAP));
    InfillRanking forwards = ranked(rows);
    Collections.reverse(rows);

    assertThat(ranked(rows).rows()).isEqualTo(forwards.rows());
  }

  private static InfillRanking ranked(List<DrawnRow> rows) {
    return InfillRanking.of(LIKELIHOOD, FOUR, rows, new CounterRandom(3));
  }

  private static DrawnRow row(int[] start, int[] tokens) {
    return new DrawnRow(0, start, tokens);
  }
}
