package org.md4j.toy;

import java.util.Arrays;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;

/**
 * The exact law of the model a discrete-time bound bounds. It starts from masks, or with
 * probability alpha(1) from a uniform token, takes ancestral steps, and left-over masks become a
 * uniform token.
 */
public record AncestralLaw(
    Denoiser denoiser, MaskingSchedule schedule, TimeGrid grid, Vocabulary vocabulary) {
  /**
   * The law of rows of a length.
   *
   * @return [V^N], indexed as {@link Sequences} counts
   */
  public double[] modelled(int length) {
    int base = vocabulary.embeddingRows();
    double[] states = new double[Sequences.count(base, length)];
    for (int i = 0; i < states.length; i++) {
      states[i] = 1;
      for (int token : Sequences.at(i, base, length)) {
        states[i] *=
            token == vocabulary.maskId()
                ? schedule.oneMinusAlpha(1)
                : schedule.alpha(1) / vocabulary.size();
      }
    }
    StateChain chain = new StateChain(denoiser, vocabulary, length, states);
    for (int step = 0; step < grid.steps(); step++) {
      double t = grid.time(step);
      double s = grid.time(step + 1);
      double unmask = (schedule.alpha(s) - schedule.alpha(t)) / (1 - schedule.alpha(t));
      chain.move(row -> t, (row, mu, successors) -> successors.add(1, laws(row, mu, unmask)));
    }
    double[] uniform = new double[vocabulary.size()];
    Arrays.fill(uniform, 1.0 / vocabulary.size());
    double[][] even = new double[length][];
    Arrays.fill(even, uniform);
    chain.move(row -> 0, (row, mu, successors) -> successors.add(1, laws(row, even, 1)));
    return chain.clean();
  }

  /** The law of each position after a step, [N][V+1]. */
  private double[][] laws(int[] row, double[][] mu, double unmask) {
    double[][] laws = new double[row.length][vocabulary.embeddingRows()];
    for (int n = 0; n < row.length; n++) {
      if (row[n] == vocabulary.maskId()) {
        for (int v = 0; v < vocabulary.size(); v++) {
          laws[n][v] = unmask * mu[n][v];
        }
        laws[n][vocabulary.maskId()] = 1 - unmask;
      } else {
        laws[n][row[n]] = 1;
      }
    }
    return laws;
  }
}
