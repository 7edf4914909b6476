package org.md4j.examples.support;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.data.Text27Tokenizer;
import org.md4j.data.Tokenizer;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.SamplingListener;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;

/**
 * Draws texts from all masks by ancestral sampling on the cosine grid, which suits networks trained
 * on the linear schedule. The texts depend on the seed and their number only, not on how many are
 * drawn together.
 *
 * @param count texts
 * @param length N, characters of each
 * @param steps of the sampler
 * @param seed of its draws
 */
public record TextSampling(int count, int length, int steps, long seed) {
  private static final int ROWS_TOGETHER = 16;

  /** Checks every range. */
  public TextSampling {
    requirePositive("--count", count);
    requirePositive("--length", length);
    requirePositive("--steps", steps);
  }

  /** Draws the texts and shows them: unmasked live in a terminal, a line each in a file. */
  public List<String> draw(Denoiser denoiser, MaskingSchedule schedule, Terminal terminal) {
    EventDrivenSampler sampler =
        EventDrivenSampler.ancestral(Decoding.of(schedule), TimeGrid.cosine(steps));
    Tokenizer tokenizer = new Text27Tokenizer();
    boolean live = terminal.liveOut() && LiveText.rowsThatFit(length) > 0;
    int together = live ? LiveText.rowsThatFit(length) : ROWS_TOGETHER;
    List<String> texts = new ArrayList<>(count);
    for (int first = 0; first < count; first += together) {
      TokenBatch start =
          TokenBatch.allMasked(tokenizer.vocabulary(), Math.min(together, count - first), length);
      SamplingListener listener =
          live ? new LiveText(terminal.out(), tokenizer) : SamplingListener.none();
      SamplingRequest request =
          SamplingRequest.of(start, new CounterRandom(seed)).withFirstExample(first);
      TokenBatch drawn = sampler.sample(denoiser, request, listener).tokens();
      for (int row = 0; row < drawn.rows(); row++) {
        String text = tokenizer.decode(drawn.row(row));
        texts.add(text);
        if (!live) {
          terminal.out().println(text);
        }
      }
    }
    return texts;
  }

  private static void requirePositive(String option, int value) {
    if (value < 1) {
      throw new CommandException(option + " (" + value + ") must be at least 1");
    }
  }
}
