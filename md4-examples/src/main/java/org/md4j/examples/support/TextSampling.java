package org.md4j.examples.support;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.data.Text27Tokenizer;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.Remask;
import org.md4j.sampling.Reveal;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingCost;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.SamplingResult;

/**
 * Draws texts, from nothing or around what is given. Texts of one length are drawn together,
 * shortest first, and numbered in that order; they depend on the seed and what is asked for only,
 * not on how many the display wants at a time.
 *
 * @param sampler draws
 * @param starts the tokens of each text to draw, [N] each, masks where something is to be drawn
 * @param seed of all draws
 */
public record TextSampling(ReverseSampler sampler, List<int[]> starts, long seed) {
  private static final Tokenizer TOKENIZER = new Text27Tokenizer();

  /** Copies the list. */
  public TextSampling {
    starts = List.copyOf(starts);
  }

  /** The starts of texts that are drawn from nothing. */
  public static List<int[]> masks(int count, int length) {
    return Collections.nCopies(
        count, TokenBatch.allMasked(TOKENIZER.vocabulary(), 1, length).row(0));
  }

  /** Draws the texts and shows them. */
  public DrawnTexts draw(Denoiser denoiser, TextDisplay display, SamplingListener trace) {
    List<Integer> order =
        IntStream.range(0, starts.size())
            .boxed()
            .sorted(Comparator.comparingInt(text -> starts.get(text).length))
            .toList();
    @Nullable DrawnText[] drawn = new DrawnText[starts.size()];
    SamplingCost cost = SamplingCost.none();
    int shown = 0;
    for (int first = 0; first < order.size(); ) {
      int length = starts.get(order.get(first)).length;
      int end = Math.min(order.size(), first + display.rowsTogether(length));
      List<Integer> together =
          order.subList(first, end).stream()
              .takeWhile(text -> starts.get(text).length == length)
              .toList();
      TokenBatch start =
          TokenBatch.of(
              TOKENIZER.vocabulary(), together.stream().map(starts::get).toArray(int[][]::new));
      SamplingListener watch = display.watch(start);
      SamplingResult result =
          sampler.sample(
              denoiser,
              SamplingRequest.of(start, new CounterRandom(seed)).withFirstExample(first),
              new Both(watch, trace));
      watch.onRound(result.tokens()); // Nothing is fresh any more.
      cost = cost.plus(result.cost());
      for (int row = 0; row < together.size(); row++) {
        drawn[together.get(row)] =
            new DrawnText(first + row, start.row(row), TOKENIZER.decode(result.tokens().row(row)));
      }
      for (; shown < drawn.length && drawn[shown] != null; shown++) {
        display.show(drawn[shown]);
      }
      first += together.size();
    }
    return new DrawnTexts(List.of(drawn), cost);
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
