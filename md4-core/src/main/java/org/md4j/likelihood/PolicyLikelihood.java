package org.md4j.likelihood;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.md4j.core.Checks;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostLogits;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * The exact probability of rows under a sampler that reveals where a deterministic policy says and
 * draws the tokens there from mu, independently of each other.
 *
 * <pre>
 *   -ln p(x) = sum over steps, over positions n picked in the step, of -ln mu(x visible, t)[n, x[n]]
 *   alpha(t) = visible tokens / N
 * </pre>
 *
 * <p>Where the policy sees only the visible tokens and the network's answer, a row has one path
 * from masks to data, so this is exact, and sums to 1 over all rows; whatever the order, with one
 * token a step or several. It is the likelihood of text under that sampler, not under the any-order
 * model the evidence bounds are about. With {@link
 * UnmaskingPolicy#of(org.md4j.sampling.RevealOrder, int)} it is the law of {@link
 * org.md4j.sampling.OrderedSampler} without a filter, told {@link
 * org.md4j.sampling.ToldTime#OF_VISIBLE_TOKENS}, on a grid whose every step reveals that many; with
 * {@link UnmaskingPolicy#of(org.md4j.sampling.FixedOrderSampler, int)} that of such a sampler on
 * any grid.
 *
 * <p>As many network evaluations a row as the policy takes steps. The logits of all masked
 * positions are copied to the host in double: 8 N V bytes a row.
 *
 * <p>Deterministic. Uses the denoiser from the calling thread. The number of rows a call changes
 * the result by the network's rounding only, unless that turns a near tie of the policy.
 *
 * <p>Source: Turok, De Sa and Kuleshov, "DUEL: exact likelihood for masked diffusion via
 * deterministic unmasking", arXiv 2603.01367v2. The time told to a network with time is ours.
 *
 * @param denoiser a network
 * @param schedule the one the network was trained with
 * @param policy what is revealed next
 * @param rowsPerCall rows given to the network at once, at most; at least 1
 */
public record PolicyLikelihood(
    Denoiser denoiser, MaskingSchedule schedule, UnmaskingPolicy policy, int rowsPerCall) {
  /** Rejects calls without rows. */
  public PolicyLikelihood {
    Checks.atLeastOne("rowsPerCall", rowsPerCall);
  }

  /** Makes a measurement that gives the network 64 rows a call. */
  public PolicyLikelihood(Denoiser denoiser, MaskingSchedule schedule, UnmaskingPolicy policy) {
    this(denoiser, schedule, policy, LikelihoodEstimator.ROWS_PER_CALL);
  }

  /**
   * Computes the likelihood of each row, given its class if the rows have labels.
   *
   * @param clean [B, N], no masks
   * @throws IllegalStateException if the policy picks nothing, or a position that is not masked
   */
  public RowLikelihoods of(Rows clean) {
    Checks.clean(clean.tokens());
    double[] nats = new double[clean.count()];
    long evaluations = 0;
    for (int from = 0; from < clean.count(); from += rowsPerCall) {
      int to = Math.min(clean.count(), from + rowsPerCall);
      evaluations += reveal(clean.part(from, to), from, nats);
    }
    return new RowLikelihoods(nats, clean.length(), evaluations);
  }

  /** Reveals rows to the end and adds up what they cost, from {@code nats[from]} on. */
  private long reveal(Rows clean, int from, double[] nats) {
    int[][] noisy = new int[clean.count()][clean.length()];
    for (int[] row : noisy) {
      Arrays.fill(row, clean.vocabulary().maskId());
    }
    int[] open = IntStream.range(0, clean.count()).toArray(); // rows that still hold masks
    long evaluations = 0;
    while (open.length > 0) {
      TokenBatch tokens =
          TokenBatch.of(
              clean.vocabulary(),
              Arrays.stream(open).mapToObj(b -> noisy[b]).toArray(int[][]::new));
      DenoiserInput question = question(Rows.of(tokens).withLabels(clean.labelsOf(open)));
      HostLogits answer = denoiser.hostLogits(question);
      evaluations += open.length;
      int first = 0;
      for (int i = 0; i < open.length; i++) {
        int[] masked = masked(noisy[open[i]], clean.vocabulary().maskId());
        double[] logits = answer.read(IntStream.range(first, first + masked.length).toArray());
        nats[from + open[i]] += step(clean.tokens().row(open[i]), noisy[open[i]], masked, logits);
        first += masked.length;
      }
      open =
          Arrays.stream(open)
              .filter(b -> masked(noisy[b], clean.vocabulary().maskId()).length > 0)
              .toArray();
    }
    return evaluations;
  }

  private DenoiserInput question(Rows rows) {
    int[] positions = rows.tokens().maskedPositions();
    int[] visible = new int[rows.count()];
    Arrays.fill(visible, rows.length());
    for (int position : positions) {
      visible[position / rows.length()]--;
    }
    double[] times =
        Arrays.stream(visible)
            .mapToDouble(count -> schedule.nearestTime((double) count / rows.length()))
            .toArray();
    return new DenoiserInput(rows, times, positions);
  }

  /** Reveals what the policy picks; returns what that costs. */
  private double step(int[] clean, int[] noisy, int[] masked, double[] logits) {
    int size = logits.length / masked.length;
    double nats = 0;
    int[] picked = policy.next(masked.clone(), logits);
    if (picked.length == 0) {
      throw new IllegalStateException("policy must pick at least one position, got none");
    }
    for (int position : picked) {
      int i = Arrays.binarySearch(masked, position);
      if (i < 0 || noisy[position] == clean[position]) {
        throw new IllegalStateException(
            "policy must pick masked positions, each once, got "
                + Arrays.toString(picked)
                + " of "
                + Arrays.toString(masked));
      }
      noisy[position] = clean[position];
      nats += crossEntropy(logits, i * size, size, clean[position]);
    }
    return nats;
  }

  private static double crossEntropy(double[] logits, int from, int size, int target) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < size; v++) {
      largest = Math.max(largest, logits[from + v]);
    }
    double total = 0;
    for (int v = 0; v < size; v++) {
      total += Math.exp(logits[from + v] - largest);
    }
    return largest - logits[from + target] + Math.log(total);
  }

  private static int[] masked(int[] row, int maskId) {
    return IntStream.range(0, row.length).filter(n -> row[n] == maskId).toArray();
  }
}
