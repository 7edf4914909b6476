package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;

/**
 * The continuous-time bound with the number of masks, not the time, drawn first: far less variance,
 * because the weight never exceeds N.
 *
 * <pre>
 *   L = N E over k uniform in 1..N, over sets S of k positions, of
 *         (1/k) sum over n in S of -ln mu(x_S, t)[n, x_0[n]]
 * </pre>
 *
 * <p>Derivation. Write m = 1 - alpha(t) for the probability of a mask; then w(t) dt = dm/m. Given
 * t, the number of masks is binomial(N, m) and, given its number, the set is uniform. The part of
 * the bound with k masks is therefore an integral over m of
 *
 * <pre>
 *   (1/m) C(N,k) m^k (1-m)^(N-k) = (1/k) Beta(m; k, N-k+1)
 * </pre>
 *
 * <p>that is, 1/k times an expectation over m ~ Beta(k, N-k+1). For a network without time the sum
 * over k is the formula above. For one with time, m must have that law, and it is free to have: of
 * N uniform numbers the k-th smallest is Beta(k, N-k+1), independent of which positions hold the k
 * smallest. So a level picks {@code k = floor(level N) + 1}, the positions of the k smallest
 * uniforms of the row (ties by position) are masked, and the row's time is the one at which {@code
 * 1 - alpha(t)} is the k-th smallest. The weight is N/k.
 *
 * <p>The integral is over all of m in [0, 1]: reconstruction and prior are 0, whatever the ends of
 * the schedule, which only tells the network the time (clamped to the schedule's range). For a
 * network without time the expectation is the average negative log-likelihood over all orders of
 * generation.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 5, relates the bound, equation (5), to any-order
 * autoregressive models; the mask-count form for a network without time is that of Ou et al., arXiv
 * 2406.03736. The random time is ours.
 *
 * @param schedule alpha, for the times a network is told
 */
public record MaskCountElbo(MaskingSchedule schedule) implements Elbo {
  @Override
  public NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms) {
    Checks.levels(levels, clean.count());
    int length = clean.length();
    int maskId = clean.vocabulary().maskId();
    int[] tokens = clean.tokens().toFlat();
    double[] times = new double[clean.count()];
    double[] numbers = new double[length];
    for (int b = 0; b < clean.count(); b++) {
      long example = clean.firstExample() + b;
      Arrays.setAll(numbers, n -> uniforms.at(example, n));
      double[] ascending = numbers.clone();
      Arrays.sort(ascending);
      int count = (int) Math.min(Math.floor(levels[b] * length) + 1, length);
      double threshold = ascending[count - 1];
      int ties = count - lowerThan(threshold, numbers);
      for (int n = 0; n < length; n++) {
        if (numbers[n] < threshold || (numbers[n] == threshold && ties-- > 0)) {
          tokens[b * length + n] = maskId;
        }
      }
      times[b] = schedule.nearestTime(1 - threshold);
    }
    return NoisedBatch.of(
        clean, TokenBatch.ofFlat(clean.vocabulary(), clean.count(), tokens), times);
  }

  @Override
  public double[] weights(NoisedBatch batch) {
    int length = batch.noisy().length();
    int[] counts = new int[batch.noisy().rows()];
    for (int position : batch.maskedPositions()) {
      counts[batch.rowOf(position)]++;
    }
    return Arrays.stream(counts)
        .mapToDouble(count -> count == 0 ? 0 : (double) length / count)
        .toArray();
  }

  /** Returns 0: the bound covers every number of masks. */
  @Override
  public double reconstruction(int length, Vocabulary vocabulary) {
    return 0;
  }

  /** Returns 0: the bound covers every number of masks. */
  @Override
  public double prior(int length, Vocabulary vocabulary) {
    return 0;
  }

  private static int lowerThan(double threshold, double[] numbers) {
    return (int) Arrays.stream(numbers).filter(number -> number < threshold).count();
  }
}
