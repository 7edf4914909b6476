package org.md4j.examples.study;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingCost;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.SamplingResult;

/**
 * Draws texts from all masks, some together, and adds up what they cost. The same texts for the
 * same seed, whatever else is drawn.
 *
 * @param denoiser the network
 * @param vocabulary its tokens
 * @param length N, tokens a text
 * @param together B, texts drawn together at most
 */
public record TextDrawer(Denoiser denoiser, Vocabulary vocabulary, int length, int together) {

  /**
   * Texts and their cost.
   *
   * @param texts [rows][N], no masks
   * @param cost of all of them
   */
  public record Drawn(List<int[]> texts, SamplingCost cost) {
    /** How often the network looked at a text, on average. */
    public double evaluationsPerText() {
      return (double) cost.rows() / texts.size();
    }

    /** Characters of finished text a second; what was masked again does not count twice. */
    public double charactersPerSecond() {
      return texts.stream().mapToInt(text -> text.length).sum() / cost.seconds();
    }
  }

  /** Draws that many texts. */
  public Drawn draw(ReverseSampler sampler, int rows, long seed) {
    List<int[]> texts = new ArrayList<>(rows);
    SamplingCost cost = SamplingCost.none();
    for (int first = 0; first < rows; first += together) {
      TokenBatch start = TokenBatch.allMasked(vocabulary, Math.min(together, rows - first), length);
      SamplingResult result =
          sampler.sample(
              denoiser, SamplingRequest.of(start, new CounterRandom(seed)).withFirstExample(first));
      for (int row = 0; row < start.rows(); row++) {
        texts.add(result.tokens().row(row));
      }
      cost = cost.plus(result.cost());
    }
    return new Drawn(texts, cost);
  }
}
