package org.md4j.sampling;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntConsumer;

/** The rounds of samplers that reveal first what the network is surest about. */
final class SurestFirst {
  private SurestFirst() {}

  /** The rule for the number of tokens of a row that a round reveals. */
  @FunctionalInterface
  interface Count {
    /**
     * Returns the number to reveal, at least 1.
     *
     * @param scores of the row's masks, descending
     */
    int of(int row, double[] scores);
  }

  /**
   * Asks at every mask and reveals the best of each row, until no mask is left.
   *
   * @param advance takes a row with masks to its next step
   */
  static void draw(SamplingRun run, RevealOrder order, IntConsumer advance, Count count) {
    UnfinishedRows rows = run.rows();
    while (rows.masked().length > 0) {
      Arrays.stream(rows.masked()).forEach(advance);
      double[] scores = new double[rows.count() * rows.length()];
      run.ask(
          rows.positions(rows::maskedPositions),
          (position, at) -> scores[position] = order.score(at.network()));
      run.readAgain(rows.positions(row -> best(rows, row, scores, count)), run::revealDrawn);
      run.endRound();
    }
  }

  private static int[] best(UnfinishedRows rows, int row, double[] scores, Count count) {
    int[] ranked = ranked(rows.maskedPositions(row), scores);
    return ranked.length == 0
        ? ranked
        : Arrays.copyOf(
            ranked, count.of(row, Arrays.stream(ranked).mapToDouble(i -> scores[i]).toArray()));
  }

  /** Ranks positions by score, the greatest first, the lowest position on ties. */
  private static int[] ranked(int[] ascending, double[] scores) {
    return Arrays.stream(ascending)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -scores[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
