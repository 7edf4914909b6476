package org.md4j.sampling;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Rounds of the samplers that reveal first what the network is surest about. */
final class SurestFirst {
  private final SamplingRun run;
  private final RevealOrder order;

  SurestFirst(SamplingRun run, RevealOrder order) {
    this.run = run;
    this.order = order;
  }

  /** How many tokens of a row a round reveals. */
  @FunctionalInterface
  interface Count {
    /**
     * The number to reveal, at least 1.
     *
     * @param scores of the row's masks, descending
     */
    int of(int row, double[] scores);
  }

  /**
   * Asks at every mask of some rows and reveals the best of each.
   *
   * @param rows ascending, each with a mask
   * @param stepOf the step each row is in, [B]
   * @param times the sampler's time of each row, [B]
   */
  void reveal(int[] rows, int[] stepOf, double[] times, Count count) {
    int[] masked = stream(rows).flatMap(row -> stream(run.maskedPositions(row))).toArray();
    double[] scores = new double[run.rows() * run.length()];
    run.ask(masked, times, (position, at) -> scores[position] = order.score(at.network()));
    int[] chosen =
        stream(rows)
            .flatMap(
                row -> {
                  int[] best = ranked(run.maskedPositions(row), scores);
                  return stream(best)
                      .limit(count.of(row, stream(best).mapToDouble(i -> scores[i]).toArray()));
                })
            .toArray();
    run.readAgain(
        chosen,
        (position, at) -> {
          int row = position / run.length();
          run.revealDrawn(position, at, stepOf[row], times[row]);
        });
    run.endRound();
  }

  /** Positions by score, the greatest first, the lowest position on ties. */
  private static int[] ranked(int[] ascending, double[] scores) {
    return stream(ascending)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -scores[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static IntStream stream(int[] values) {
    return Arrays.stream(values);
  }
}
