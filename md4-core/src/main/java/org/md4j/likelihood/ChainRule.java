package org.md4j.likelihood;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.md4j.core.Checks;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.objective.MaskedCrossEntropy;
import org.md4j.schedule.MaskingSchedule;

/**
 * The exact probability of rows when tokens are revealed one at a time in a given order o:
 *
 * <pre>
 *   -ln p(x in order o) = sum over k = 0..N-1 of -ln mu(x with o[k..N-1] masked, t_k)[o[k], x[o[k]]]
 *   alpha(t_k) = k / N
 * </pre>
 *
 * <p>N network evaluations a row. For any fixed order this is a probability: it sums to 1 over all
 * rows. For a network without time its mean over all orders is the bound of {@link
 * org.md4j.objective.MaskCountElbo}; if the network's predictions are the conditionals of one joint
 * distribution, every order gives the same. A network with time is told the time at which the
 * schedule shows k of N tokens on average, clamped to the schedule's range.
 *
 * <p>Deterministic. Uses the denoiser from the calling thread. States of different rows and steps
 * go to the network together; how many changes the result by the network's rounding only.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 5, for the relation to any-order autoregressive
 * models.
 *
 * @param denoiser a network; its answers are overwritten
 * @param schedule the one the network was trained with
 * @param rowsPerCall rows given to the network at once, at most; at least 1
 */
public record ChainRule(Denoiser denoiser, MaskingSchedule schedule, int rowsPerCall) {
  /** Rejects calls without rows. */
  public ChainRule {
    Checks.atLeastOne("rowsPerCall", rowsPerCall);
  }

  /** Makes a chain rule that gives the network 64 rows a call. */
  public ChainRule(Denoiser denoiser, MaskingSchedule schedule) {
    this(denoiser, schedule, LikelihoodEstimator.ROWS_PER_CALL);
  }

  /**
   * Computes the likelihood of all rows in one order.
   *
   * @param clean [B, N], no masks; with labels for a network with classes
   * @param order positions 0..N-1, [N], the first to be revealed first
   */
  public RowLikelihoods inOrder(Rows clean, int... order) {
    int[][] orders = new int[clean.count()][];
    Arrays.fill(orders, order);
    return inOrders(clean, orders);
  }

  /**
   * Computes the likelihood of each row in an order of its own, drawn uniformly.
   *
   * @param clean [B, N], no masks; with labels for a network with classes. A row's orders depend on
   *     its example number
   * @param random the seed
   * @param draw which of a row's orders, say 0 for the first
   */
  public RowLikelihoods inDrawnOrders(Rows clean, CounterRandom random, long draw) {
    Uniforms uniforms = random.uniforms(Purpose.ORDER, draw);
    int[][] orders = new int[clean.count()][];
    Arrays.setAll(orders, b -> drawnOrder(uniforms, clean.firstExample() + b, clean.length()));
    return inOrders(clean, orders);
  }

  /**
   * Computes the likelihood of each row in a given order of its own.
   *
   * @param clean [B, N], no masks; with labels for a network with classes
   * @param orders [B][N], each the positions 0..N-1, the first to be revealed first
   */
  public RowLikelihoods inOrders(Rows clean, int[][] orders) {
    Checks.clean(clean.tokens());
    requireOrders(clean, orders);
    int length = clean.length();
    int states = Math.multiplyExact(clean.count(), length);
    double[] nats = new double[clean.count()];
    MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
    for (int from = 0; from < states; from += rowsPerCall) {
      int to = Math.min(states, from + rowsPerCall);
      int[] targets = new int[to - from];
      DenoiserInput question = question(clean, orders, from, targets);
      double[] costs = crossEntropy.nats(denoiser, question, targets);
      for (int i = 0; i < costs.length; i++) {
        nats[(from + i) / length] += costs[i];
      }
    }
    return new RowLikelihoods(nats, length, states);
  }

  /**
   * Returns the question about states {@code from ..} of the list (row 0 with 0 visible, row 0 with
   * 1 visible, ...).
   */
  private DenoiserInput question(Rows clean, int[][] orders, int from, int[] targets) {
    int length = clean.length();
    int[] tokens = new int[Math.multiplyExact(targets.length, length)];
    int[] positions = new int[targets.length];
    double[] times = new double[targets.length];
    int[] rows = new int[targets.length];
    for (int i = 0; i < targets.length; i++) {
      int b = (from + i) / length;
      rows[i] = b;
      int visible = (from + i) % length;
      Arrays.fill(tokens, i * length, (i + 1) * length, clean.vocabulary().maskId());
      for (int k = 0; k < visible; k++) {
        tokens[i * length + orders[b][k]] = clean.tokens().token(b, orders[b][k]);
      }
      int next = orders[b][visible];
      positions[i] = i * length + next;
      targets[i] = clean.tokens().token(b, next);
      times[i] = schedule.nearestTime((double) visible / length);
    }
    return new DenoiserInput(
        Rows.of(TokenBatch.ofFlat(clean.vocabulary(), targets.length, tokens))
            .withLabels(clean.labelsOf(rows)),
        times,
        positions);
  }

  /** Draws an order: the positions, sorted by independent uniforms. */
  private static int[] drawnOrder(Uniforms uniforms, long example, int length) {
    double[] keys = new double[length];
    uniforms.fill(example, 0, keys, 0, length);
    return IntStream.range(0, length)
        .boxed()
        .sorted(Comparator.comparingDouble(n -> keys[n]))
        .mapToInt(n -> n)
        .toArray();
  }

  private static void requireOrders(Rows clean, int[][] orders) {
    if (orders.length != clean.count()) {
      throw new IllegalArgumentException(
          "orders must have shape [B][N] with B = " + clean.count() + ", got B = " + orders.length);
    }
    for (int[] order : orders) {
      int[] sorted = order.clone();
      Arrays.sort(sorted);
      if (!Arrays.equals(sorted, IntStream.range(0, clean.length()).toArray())) {
        throw new IllegalArgumentException(
            "order ("
                + Arrays.toString(order)
                + ") must hold each position 0.."
                + (clean.length() - 1)
                + " once");
      }
    }
  }
}
