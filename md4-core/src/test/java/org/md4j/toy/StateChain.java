package org.md4j.toy;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;

/**
 * A Markov chain over the (V+1)^N rows of tokens and masks: the probability of every row, moved
 * step by step, without chance. It shares no code with the samplers.
 */
final class StateChain {
  private final Denoiser denoiser;
  private final Vocabulary vocabulary;
  private final int length;
  private double[] states;

  /** Where a row may go. */
  @FunctionalInterface
  interface Successors {
    /**
     * Adds rows whose tokens are independent of each other.
     *
     * @param weight the probability of these successors among all
     * @param laws the law of each position, [N][V+1]
     */
    void add(double weight, double[][] laws);
  }

  /** A step. */
  @FunctionalInterface
  interface Move {
    /**
     * Lists the successors of a row, of total weight 1.
     *
     * @param mu the network's prediction for each position, [N][V], meaningful at masks only
     */
    void from(int[] row, double[][] mu, Successors successors);
  }

  /**
   * A chain.
   *
   * @param states the probability of each row at first, [(V+1)^N], indexed as {@link Sequences}
   *     counts; kept
   */
  StateChain(Denoiser denoiser, Vocabulary vocabulary, int length, double[] states) {
    this.denoiser = denoiser;
    this.vocabulary = vocabulary;
    this.length = length;
    this.states = states;
  }

  /** A chain that starts from a certain row, [N]. */
  static StateChain from(Denoiser denoiser, Vocabulary vocabulary, int... start) {
    double[] states = new double[Sequences.count(vocabulary.embeddingRows(), start.length)];
    states[Sequences.index(start, vocabulary.embeddingRows())] = 1;
    return new StateChain(denoiser, vocabulary, start.length, states);
  }

  /**
   * Takes a step.
   *
   * @param time what the network is told, of each row that holds a mask
   */
  void move(ToDoubleFunction<int[]> time, Move move) {
    int base = vocabulary.embeddingRows();
    int[] alive = IntStream.range(0, states.length).filter(i -> states[i] > 0).toArray();
    int[][] rows =
        Arrays.stream(alive).mapToObj(i -> Sequences.at(i, base, length)).toArray(int[][]::new);
    double[][][] predictions = predictions(rows, time);
    double[] next = new double[states.length];
    for (int i = 0; i < alive.length; i++) {
      double mass = states[alive[i]];
      move.from(
          rows[i],
          predictions[i],
          (weight, laws) -> spread(next, mass * weight, new int[length], 0, laws));
    }
    states = next;
  }

  /** The probability of each row without masks, [V^N]. */
  double[] clean() {
    double[] law = new double[Sequences.count(vocabulary.size(), length)];
    for (int i = 0; i < law.length; i++) {
      int[] row = Sequences.at(i, vocabulary.size(), length);
      law[i] = states[Sequences.index(row, vocabulary.embeddingRows())];
    }
    return law;
  }

  /** The expected share of masks among some positions. */
  double masked(int... positions) {
    double share = 0;
    for (int i = 0; i < states.length; i++) {
      int[] row = Sequences.at(i, vocabulary.embeddingRows(), length);
      long masks = Arrays.stream(positions).filter(n -> row[n] == vocabulary.maskId()).count();
      share += states[i] * masks / positions.length;
    }
    return share;
  }

  private double[][][] predictions(int[][] rows, ToDoubleFunction<int[]> time) {
    int[] asked =
        IntStream.range(0, rows.length)
            .filter(i -> Arrays.stream(rows[i]).anyMatch(token -> token == vocabulary.maskId()))
            .toArray();
    double[][][] mu = new double[rows.length][length][vocabulary.size()];
    if (asked.length == 0) {
      return mu;
    }
    TokenBatch batch =
        TokenBatch.of(
            vocabulary, Arrays.stream(asked).mapToObj(i -> rows[i]).toArray(int[][]::new));
    double[] times = Arrays.stream(asked).mapToDouble(i -> time.applyAsDouble(rows[i])).toArray();
    double[] logits =
        denoiser
            .logits(new DenoiserInput(batch, times, batch.maskedPositions()))
            .dup('c')
            .data()
            .asDouble();
    int[] positions = batch.maskedPositions();
    int size = vocabulary.size();
    for (int p = 0; p < positions.length; p++) {
      int position = positions[p];
      mu[asked[position / length]][position % length] =
          softmax(Arrays.copyOfRange(logits, p * size, (p + 1) * size));
    }
    return mu;
  }

  private static double[] softmax(double[] logits) {
    double[] mass = Arrays.stream(logits).map(Math::exp).toArray();
    double total = Arrays.stream(mass).sum();
    return Arrays.stream(mass).map(m -> m / total).toArray();
  }

  private void spread(double[] next, double mass, int[] to, int n, double[][] laws) {
    if (n == length) {
      next[Sequences.index(to, vocabulary.embeddingRows())] += mass;
      return;
    }
    for (int v = 0; v < laws[n].length; v++) {
      if (laws[n][v] > 0) {
        to[n] = v;
        spread(next, mass * laws[n][v], to, n + 1, laws);
      }
    }
  }
}
