package org.md4j.cli.draw;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingCost;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.SamplingResult;

/**
 * Draws texts or pictures, from nothing or around what is given. Rows of one length are drawn
 * together, shortest first, and numbered in that order; they depend on the seed and what is asked
 * for only, not on how many the display wants at a time.
 *
 * @param sampler draws
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

  /** Rows without classes. */
  public RowSampling(ReverseSampler sampler, Vocabulary vocabulary, List<int[]> starts, long seed) {
    this(sampler, vocabulary, starts, List.of(), seed);
  }

  /** The starts of rows that are drawn from nothing. */
  public static List<int[]> masks(Vocabulary vocabulary, int count, int length) {
    return Collections.nCopies(count, TokenBatch.allMasked(vocabulary, 1, length).row(0));
  }

  /** Draws the rows and shows them. */
  public DrawnRows draw(Denoiser denoiser, RowDisplay display, SamplingListener trace) {
    List<Integer> order =
        IntStream.range(0, starts.size())
            .boxed()
            .sorted(Comparator.comparingInt(row -> starts.get(row).length))
            .toList();
    @Nullable DrawnRow[] drawn = new DrawnRow[starts.size()];
    SamplingCost cost = SamplingCost.none();
    int shown = 0;
    for (int first = 0; first < order.size(); ) {
      int length = starts.get(order.get(first)).length;
      int end = Math.min(order.size(), first + display.rowsTogether(length));
      List<Integer> together =
          order.subList(first, end).stream()
              .takeWhile(row -> starts.get(row).length == length)
              .toList();
      SamplingRequest request = request(together).withFirstExample(first);
      SamplingListener watch = display.watch(request.start());
      SamplingResult result = sampler.sample(denoiser, request, new Both(watch, trace));
      watch.onRound(result.tokens()); // Nothing is fresh any more.
      cost = cost.plus(result.cost());
      for (int row = 0; row < together.size(); row++) {
        drawn[together.get(row)] =
            new DrawnRow(first + row, request.start().row(row), result.tokens().row(row));
      }
      for (; shown < drawn.length && drawn[shown] != null; shown++) {
        display.show(drawn[shown]);
      }
      first += together.size();
    }
    return new DrawnRows(List.of(drawn), cost);
  }

  private SamplingRequest request(List<Integer> together) {
    TokenBatch start =
        TokenBatch.of(vocabulary, together.stream().map(starts::get).toArray(int[][]::new));
    SamplingRequest request = SamplingRequest.of(start, new CounterRandom(seed));
    return labels.isEmpty()
        ? request
        : request.withLabels(together.stream().mapToInt(labels::get).toArray());
  }

  /** Two listeners as one. */
  private record Both(SamplingListener first, SamplingListener second) implements SamplingListener {
    @Override
    public void onReveal(Reveal reveal) {
      first.onReveal(reveal);
      second.onReveal(reveal);
    }

    @Override
    public void onRemask(Remask remask) {
      first.onRemask(remask);
      second.onRemask(remask);
    }

    @Override
    public void onRound(TokenBatch tokens) {
      first.onRound(tokens);
      second.onRound(tokens);
    }
  }
}
