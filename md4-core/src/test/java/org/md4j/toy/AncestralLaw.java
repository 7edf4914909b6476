package org.md4j.toy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;

/**
 * The exact law of ancestral sampling on a small vocabulary, by following the probability of each
 * of the (V+1)^N states through the steps.
 */
public record AncestralLaw(
    Denoiser denoiser, MaskingSchedule schedule, TimeGrid grid, Vocabulary vocabulary) {

  /**
   * The law of what a sampler returns: left-over masks become the likeliest token.
   *
   * @param start [N]
   * @return [V^N], indexed as {@link Sequences} counts
   */
  public double[] sampled(int... start) {
    double[] states = new double[Sequences.count(vocabulary.embeddingRows(), start.length)];
    states[Sequences.index(start, vocabulary.embeddingRows())] = 1;
    double[] last = run(states, start.length);
    return clean(move(last, start.length, 0, 1, AncestralLaw::onlyTheLikeliest), start.length);
  }

  /**
   * The law of the model a discrete-time bound bounds: it starts from masks, or with probability
   * alpha(1) a uniform token, and left-over masks become a uniform token.
   *
   * @return [V^N]
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
    double[] uniform = new double[vocabulary.size()];
    Arrays.fill(uniform, 1.0 / vocabulary.size());
    return clean(move(run(states, length), length, 0, 1, mu -> uniform), length);
  }

  private double[] run(double[] start, int length) {
    double[] states = start;
    for (int step = 0; step < grid.steps(); step++) {
      double t = grid.time(step);
      double s = grid.time(step + 1);
      double reveal = (schedule.alpha(s) - schedule.alpha(t)) / (1 - schedule.alpha(t));
      states = move(states, length, t, reveal, mu -> mu);
    }
    return states;
  }

  @FunctionalInterface
  private interface Choice {
    double[] law(double[] mu);
  }

  private static double[] onlyTheLikeliest(double[] mu) {
    double[] law = new double[mu.length];
    int best = IntStream.range(0, mu.length).reduce(0, (a, b) -> mu[b] > mu[a] ? b : a);
    law[best] = 1;
    return law;
  }

  private double[] move(double[] states, int length, double time, double reveal, Choice choice) {
    int base = vocabulary.embeddingRows();
    double[] next = new double[states.length];
    for (int i = 0; i < states.length; i++) {
      if (states[i] > 0) {
        int[] row = Sequences.at(i, base, length);
        spread(next, states[i], row, new int[length], 0, laws(row, time, choice), reveal);
      }
    }
    return next;
  }

  /** The law of the token at each masked position of a row, [N][V]. */
  private double[][] laws(int[] row, double time, Choice choice) {
    TokenBatch tokens = TokenBatch.of(vocabulary, row);
    double[][] logits =
        denoiser.logits(DenoiserInput.everywhere(tokens, new double[] {time})).toDoubleMatrix();
    double[][] laws = new double[row.length][];
    for (int n = 0; n < row.length; n++) {
      double[] mass = Arrays.stream(logits[n]).map(Math::exp).toArray();
      double total = Arrays.stream(mass).sum();
      laws[n] = choice.law(Arrays.stream(mass).map(m -> m / total).toArray());
    }
    return laws;
  }

  private void spread(
      double[] next, double mass, int[] row, int[] to, int n, double[][] laws, double reveal) {
    if (n == row.length) {
      next[Sequences.index(to, vocabulary.embeddingRows())] += mass;
      return;
    }
    if (row[n] != vocabulary.maskId()) {
      to[n] = row[n];
      spread(next, mass, row, to, n + 1, laws, reveal);
      return;
    }
    to[n] = vocabulary.maskId();
    if (reveal < 1) {
      spread(next, mass * (1 - reveal), row, to, n + 1, laws, reveal);
    }
    for (int v = 0; v < vocabulary.size(); v++) {
      if (reveal * laws[n][v] > 0) {
        to[n] = v;
        spread(next, mass * reveal * laws[n][v], row, to, n + 1, laws, reveal);
      }
    }
  }

  private double[] clean(double[] states, int length) {
    double[] law = new double[Sequences.count(vocabulary.size(), length)];
    for (int i = 0; i < law.length; i++) {
      int[] row = Sequences.at(i, vocabulary.size(), length);
      law[i] = states[Sequences.index(row, vocabulary.embeddingRows())];
    }
    return law;
  }
}
