package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

class RowDrawsTest {
  private static final CounterRandom RANDOM = new CounterRandom(8);

  private static RowDraws draws(int rows, int batch, RowChoice choice, boolean pairs) {
    TokenBatch tokens = TokenBatch.ofFlat(new Vocabulary(2), rows, new int[rows]);
    return new RowDraws(
        RowSource.of("rows", Rows.of(tokens)),
        RANDOM,
        TrainerConfig.builder(100, batch, 1e-3)
            .rowChoice(choice)
            .noise(noise -> noise.withComplementaryPairs(pairs))
            .build());
  }

  private static long[] steps(RowDraws draws, int count) {
    return IntStream.range(0, count)
        .mapToObj(step -> draws.indices(step, 0, draws.config().batchSize()))
        .flatMapToLong(Arrays::stream)
        .toArray();
  }

  /** Batches that divide the rows, do not, and are larger than all of them. */
  @ParameterizedTest
  @CsvSource({"12, 4, 9", "13, 5, 13", "3, 8, 6", "1, 2, 4"})
  void everyPassSeesEveryRowOnce(int rows, int batch, int count) {
    long[] seen = steps(draws(rows, batch, RowChoice.EPOCHS, false), count);

    for (int from = 0; from + rows <= seen.length; from += rows) {
      assertThat(Arrays.stream(seen, from, from + rows).sorted())
          .containsExactlyElementsOf(LongStream.range(0, rows).boxed().toList());
    }
  }

  @Test
  void passesHaveOrdersOfTheirOwn() {
    long[] seen = steps(draws(50, 10, RowChoice.EPOCHS, false), 10);

    assertThat(Arrays.copyOf(seen, 50))
        .isNotEqualTo(Arrays.copyOfRange(seen, 50, 100))
        .isNotEqualTo(LongStream.range(0, 50).toArray());
  }

  /** A pair is one example: two rows of it beside each other, and half as many examples a step. */
  @Test
  void rowsOfAPairAreOneExampleOfAPass() {
    long[] seen = steps(draws(12, 6, RowChoice.EPOCHS, true), 4);

    long[] firsts = IntStream.range(0, 12).mapToLong(i -> seen[2 * i]).toArray();
    long[] seconds = IntStream.range(0, 12).mapToLong(i -> seen[2 * i + 1]).toArray();
    assertThat(seconds).isEqualTo(firsts);
    assertThat(Arrays.stream(firsts).sorted())
        .containsExactlyElementsOf(LongStream.range(0, 12).boxed().toList());
  }

  @ParameterizedTest
  @CsvSource({"EPOCHS", "INDEPENDENT"})
  void partsOfAStepAreThoseOfTheWhole(RowChoice choice) {
    RowDraws draws = draws(40, 16, choice, false);

    long[] whole = draws.indices(7, 0, 16);

    assertThat(draws.indices(7, 3, 9)).isEqualTo(Arrays.copyOfRange(whole, 3, 9));
    assertThat(draws.indices(8, 0, 16)).isNotEqualTo(whole);
  }

  @Test
  void independentRowsComeAgainBeforeOthersHaveCome() {
    long[] seen = steps(draws(40, 20, RowChoice.INDEPENDENT, false), 2);

    assertThat(Arrays.stream(seen).distinct().count()).isLessThan(40);
  }
}
