package org.md4j.model.layer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;

/**
 * Ten tokens, of which 9 is the mask, make rows of their own readable: their digits are the n-gram.
 */
class NgramTableTest {
  private static final int TOKENS = 10;
  private static final int[] TEXT = {1, 2, 3, 4, 5};

  private static int[] at(NgramTable table, int[] text, int position) {
    int[] all = table.lookUp(text, text.length);
    int windows = table.windows();
    return Arrays.copyOfRange(all, position * windows, (position + 1) * windows);
  }

  @ParameterizedTest
  @CsvSource({"0, 991, 912, 123", "1, 912, 123, 234", "2, 123, 234, 345", "4, 345, 459, 599"})
  void aPositionEndsIsTheMiddleOfAndBeginsATrigramEach(
      int position, int ended, int middle, int begun) {
    NgramTable table = new NgramTable(TOKENS, List.of(3), 1_000, false);

    assertThat(table.rows()).isEqualTo(3_000);
    assertThat(at(table, TEXT, position)).containsExactly(ended, 1_000 + middle, 2_000 + begun);
  }

  @Test
  void ofAnEvenOrderThePositionIsTheLaterOfTheMiddles() {
    NgramTable table = new NgramTable(TOKENS, List.of(4), 10_000, false);

    assertThat(at(table, TEXT, 2)).containsExactly(9_123, 11_234, 23_459);
  }

  /** The one it ends is the one whose later middle it is. */
  @Test
  void aPositionIsPartOfTwoBigrams() {
    NgramTable table = new NgramTable(TOKENS, List.of(2), 100, false);

    assertThat(at(table, TEXT, 2)).containsExactly(23, 134);
  }

  @Test
  void ordersFollowEachOther() {
    NgramTable table = new NgramTable(TOKENS, List.of(2, 3), 1_000, false);

    assertThat(table.rows()).isEqualTo(2 * 100 + 3 * 1_000);
    assertThat(at(table, TEXT, 2)).containsExactly(23, 134, 323, 1_434, 2_545);
  }

  @Test
  void aCausalTableHasWhatAPositionEnds() {
    NgramTable table = new NgramTable(TOKENS, List.of(2, 3), 1_000, true);

    assertThat(table.rows()).isEqualTo(100 + 1_000);
    assertThat(at(table, TEXT, 2)).containsExactly(23, 100 + 123);
    assertThat(at(table, TEXT, 0)).containsExactly(91, 100 + 991);
  }

  @Test
  void rowsOfTextDoNotMeet() {
    NgramTable table = new NgramTable(TOKENS, List.of(3, 5), 1_000, false);
    int[] both = IntStream.concat(Arrays.stream(TEXT), Arrays.stream(TEXT)).toArray();

    int[] together = table.lookUp(both, TEXT.length);

    int[] alone = table.lookUp(TEXT, TEXT.length);
    assertThat(Arrays.copyOf(together, alone.length)).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(together, alone.length, together.length)).isEqualTo(alone);
  }

  @Test
  void trigramsOfManyTokensShareRowsEvenly() {
    int tokens = 50_258;
    int rows = 1_000;
    NgramTable table = new NgramTable(tokens, List.of(3), rows, true);
    Uniforms uniforms = new CounterRandom(3).uniforms(Purpose.TOKEN, 0);
    int[] text = new int[20_000];
    Arrays.setAll(text, i -> (int) (tokens * uniforms.at(0, i)));

    int[] found = table.lookUp(text, text.length);

    assertThatSpreadEvenly(found, rows);
    assertThat(table.lookUp(text, text.length)).isEqualTo(found);
  }

  /** Numbers that differ in few bits, on rows that are a power of two, as in the presets. */
  @ParameterizedTest
  @ValueSource(ints = {65_536, 262_144})
  void allFourGramsOfLettersShareRowsEvenly(int rows) {
    int tokens = 28;
    int order = 4;
    NgramTable table = new NgramTable(tokens, List.of(order), rows, true);
    int count = tokens * tokens * tokens * tokens;
    int[] text = new int[count * order];
    for (int ngram = 0; ngram < count; ngram++) {
      int rest = ngram;
      for (int i = 0; i < order; i++) {
        text[ngram * order + i] = rest % tokens;
        rest /= tokens;
      }
    }

    int[] found = table.lookUp(text, order);

    assertThatSpreadEvenly(
        IntStream.range(0, count).map(ngram -> found[ngram * order + order - 1]).toArray(), rows);
  }

  /**
   * If a hash is as good as chance, the sum of squares below has mean {@code rows - 1} and nearly
   * the variance {@code 2 (rows - 1)}.
   */
  private static void assertThatSpreadEvenly(int[] found, int rows) {
    double[] counts = new double[rows];
    Arrays.stream(found).forEach(row -> counts[row]++);
    double expected = (double) found.length / rows;
    double square =
        Arrays.stream(counts).map(n -> (n - expected) * (n - expected) / expected).sum();
    double deviation = Math.sqrt(2.0 * (rows - 1));
    assertThat(square).isCloseTo(rows - 1.0, within(Tolerance.SIGMAS * deviation));
  }

  @Test
  void theOrderOfTokensCounts() {
    NgramTable table = new NgramTable(50_258, List.of(3), 1 << 20, true);

    int[] rows = new int[6];
    int[][] orders = {{1, 2, 3}, {1, 3, 2}, {2, 1, 3}, {2, 3, 1}, {3, 1, 2}, {3, 2, 1}};
    Arrays.setAll(rows, i -> at(table, orders[i], 2)[0]);

    assertThat(rows).doesNotHaveDuplicates();
  }
}
