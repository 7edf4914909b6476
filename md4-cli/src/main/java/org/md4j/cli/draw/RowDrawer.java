package org.md4j.cli.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.SamplingCost;
import org.md4j.sampling.SamplingRequest;
import org.md4j.sampling.SamplingResult;

/**
 * Draws rows, texts or pictures, from all masks, some together, and adds up what they cost. The
 * same rows for the same seed, whatever else is drawn.
 *
 * @param denoiser the network
 * @param vocabulary its tokens
 * @param length N, tokens a row
 * @param classes K: row i is drawn as one of class i mod K; 0 for a network without classes
 * @param together B, rows drawn together at most
 */
public record RowDrawer(
    Denoiser denoiser, Vocabulary vocabulary, int length, int classes, int together) {

  /**
   * Rows and their cost.
   *
   * @param rows [rows][N], no masks
   * @param cost of all of them
   */
  public record Drawn(List<int[]> rows, SamplingCost cost) {
    /** How often the network looked at a row, on average. */
    public double evaluationsPerRow() {
      return (double) cost.rows() / rows.size();
    }

    /** Tokens of finished rows a second; what was masked again does not count twice. */
    public double tokensPerSecond() {
      return rows.stream().mapToInt(row -> row.length).sum() / cost.seconds();
    }
  }

  /** Draws that many rows. */
  public Drawn draw(ReverseSampler sampler, int count, long seed) {
    List<int[]> rows = new ArrayList<>(count);
    SamplingCost cost = SamplingCost.none();
    for (int first = 0; first < count; first += together) {
      TokenBatch start =
          TokenBatch.allMasked(vocabulary, Math.min(together, count - first), length);
      SamplingRequest request =
          new SamplingRequest(
              Rows.of(start).withFirstExample(first).withLabels(labels(first, start.rows())),
              new CounterRandom(seed));
      SamplingResult result = sampler.sample(denoiser, request);
      for (int row = 0; row < start.rows(); row++) {
        rows.add(result.tokens().row(row));
      }
      cost = cost.plus(result.cost());
    }
    return new Drawn(rows, cost);
  }

  private int[] labels(int first, int count) {
    return classes == 0
        ? new int[0]
        : IntStream.range(first, first + count).map(row -> row % classes).toArray();
  }
}
