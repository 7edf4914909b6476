package org.md4j.sampling;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

/**
 * Draws many rows of many lengths, from nothing or around what is given. Rows of one length are
 * drawn together, the shortest first, and numbered from 0 in that order. They depend on the seed
 * and on what is asked for only, not on how many are drawn at a time.
 *
 * <p>The arrays of the starts are not copied; nobody may change them while rows are drawn.
 *
 * @param sampler draws the rows of one length
 * @param vocabulary of the tokens
 * @param starts the tokens of each row to draw, [N] each, masks where something is to be drawn
 * @param labels the class of each row, in the order of the rows, or empty
 * @param seed of all draws
 */
public record RowSampling(
    ReverseSampler sampler,
    Vocabulary vocabulary,
    List<int[]> starts,
    List<Integer> labels,
    long seed) {
  /** Copies the lists. */
  public RowSampling {
    starts = List.copyOf(starts);
    labels = List.copyOf(labels);
    if (!labels.isEmpty() && labels.size() != starts.size()) {
      throw new IllegalArgumentException(
          "labels must be empty or one a start (%d), got %d"
              .formatted(starts.size(), labels.size()));
    }
  }

  /** Makes a sampling of rows without classes. */
  public RowSampling(ReverseSampler sampler, Vocabulary vocabulary, List<int[]> starts, long seed) {
    this(sampler, vocabulary, starts, List.of(), seed);
  }

  /** Returns the starts of rows that are drawn from nothing, [N] each. */
  public static List<int[]> masks(Vocabulary vocabulary, int count, int length) {
    return Collections.nCopies(count, TokenBatch.allMasked(vocabulary, 1, length).row(0));
  }

  /** Draws the rows, unwatched. */
  public DrawnRows draw(Denoiser denoiser) {
    return draw(denoiser, RowObserver.none(), SamplingListener.none());
  }

  /**
   * Draws the rows.
   *
   * @param denoiser a network; with classes, if there are labels
   * @param observer told of calls and rows
   * @param listener told of the events of all calls
   */
  public DrawnRows draw(Denoiser denoiser, RowObserver observer, SamplingListener listener) {
    List<Integer> order =
        IntStream.range(0, starts.size())
            .boxed()
            .sorted(Comparator.comparingInt(row -> starts.get(row).length))
            .toList();
    @Nullable DrawnRow[] drawn = new DrawnRow[starts.size()];
    SamplingCost cost = SamplingCost.none();
    int told = 0;
    for (int first = 0; first < order.size(); ) {
      List<Integer> together = together(order, first, observer);
      Rows start = start(together).withFirstExample(first);
      SamplingListener watch = observer.watch(start.tokens());
      SamplingRequest request = new SamplingRequest(start, new CounterRandom(seed));
      SamplingResult result = sampler.sample(denoiser, request, watch.andThen(listener));
      watch.onRound(result.tokens());
      cost = cost.plus(result.cost());
      for (int row = 0; row < together.size(); row++) {
        drawn[together.get(row)] =
            new DrawnRow(first + row, start.tokens().row(row), result.tokens().row(row));
      }
      for (; told < drawn.length && drawn[told] != null; told++) {
        observer.onRow(drawn[told]);
      }
      first += together.size();
    }
    return new DrawnRows(List.of(drawn), cost);
  }

  /** Returns the rows of the next call: some of one length, in an order in which lengths ascend. */
  private List<Integer> together(List<Integer> order, int first, RowObserver observer) {
    int length = starts.get(order.get(first)).length;
    int most = observer.rowsTogether(length);
    if (most < 1) {
      throw new IllegalArgumentException(
          "rowsTogether (%d) must be at least 1 for rows of length %d".formatted(most, length));
    }
    return order.subList(first, Math.min(order.size(), first + most)).stream()
        .takeWhile(row -> starts.get(row).length == length)
        .toList();
  }

  private Rows start(List<Integer> together) {
    Rows start =
        Rows.of(
            TokenBatch.of(vocabulary, together.stream().map(starts::get).toArray(int[][]::new)));
    return labels.isEmpty()
        ? start
        : start.withLabels(together.stream().mapToInt(labels::get).toArray());
  }
}
