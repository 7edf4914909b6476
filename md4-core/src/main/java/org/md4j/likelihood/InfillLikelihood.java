package org.md4j.likelihood;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.md4j.core.Checks;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.objective.MaskedCrossEntropy;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;
import org.md4j.sampling.ToldTime;
import org.md4j.schedule.MaskingSchedule;

/**
 * The cost of held-out tokens at blanks given the known tokens around them, the blanks being
 * revealed one at a time in random order.
 *
 * <pre>
 *   cost per blank = E over k uniform in 1..M, over sets A of k of the M blanks, of
 *                    (1/k) sum over n in A of -ln mu(x with A masked, t)[n, x[n]]
 * </pre>
 *
 * <p>the average over all orders of the cost of the blanks given the rest, divided by M; it is
 * reported in bits. A network with time is told, with k blanks masked and N tokens in the row, the
 * t with
 *
 * <pre>
 *   OF_STEP            alpha(t) = (M - k) / M    as if the known tokens did not count
 *   OF_VISIBLE_TOKENS  alpha(t) = (N - k) / N    the visible fraction of the row
 * </pre>
 *
 * <p>clamped to the schedule's range. The numbers of masks of a row's draws are spread evenly over
 * 1..M by one random shift. Both times are measured with the same numbers and sets, so their
 * difference has a small error.
 *
 * <p>Deterministic; a row's draws depend on its number and the seed alone. Uses the denoiser from
 * the calling thread.
 *
 * <p>Source: the paper infills from t = 1 (MD4, arXiv 2406.04329v4); the mask-count form is that of
 * {@link org.md4j.objective.MaskCountElbo} over the blanks.
 *
 * @param denoiser a network, told the labels of the rows; its answers are overwritten
 * @param schedule the one the network was trained with
 * @param draws network evaluations of a row, at least 1
 * @param rowsPerCall rows given to the network at once, at most; at least 1
 */
public record InfillLikelihood(
    Denoiser denoiser, MaskingSchedule schedule, int draws, int rowsPerCall) {
  /** Rejects a measurement without draws. */
  public InfillLikelihood {
    if (draws < 1) {
      throw new IllegalArgumentException("draws (" + draws + ") must be at least 1");
    }
    Checks.atLeastOne("rowsPerCall", rowsPerCall);
  }

  /** Makes a measurement that gives the network 64 rows a call. */
  public InfillLikelihood(Denoiser denoiser, MaskingSchedule schedule, int draws) {
    this(denoiser, schedule, draws, LikelihoodEstimator.ROWS_PER_CALL);
  }

  /**
   * Measures both told times on the same draws.
   *
   * @param clean [B, N], no masks
   * @param start the same rows with masks at the blanks, at least one a row
   * @param random the seed
   */
  public InfillComparison compare(Rows clean, TokenBatch start, CounterRandom random) {
    double[] ofStep = natsPerBlank(clean, start, ToldTime.OF_STEP, random);
    double[] ofVisible = natsPerBlank(clean, start, ToldTime.OF_VISIBLE_TOKENS, random);
    double[] differences = new double[ofStep.length];
    Arrays.setAll(differences, b -> ofStep[b] - ofVisible[b]);
    return new InfillComparison(
        SampleMean.of(ofStep).inBits(),
        SampleMean.of(ofVisible).inBits(),
        SampleMean.of(differences).inBits(),
        draws,
        2L * draws * clean.count(),
        random.seed());
  }

  /**
   * Measures one told time.
   *
   * @param clean [B, N], no masks
   * @param start the same rows with masks at the blanks, at least one a row
   * @param toldTime what a network with time is told
   * @param random the seed
   * @return [B], bits per blank
   */
  public double[] bitsPerBlank(
      Rows clean, TokenBatch start, ToldTime toldTime, CounterRandom random) {
    double[] bits = natsPerBlank(clean, start, toldTime, random);
    Arrays.setAll(bits, b -> bits[b] / Nats.PER_BIT);
    return bits;
  }

  private double[] natsPerBlank(
      Rows clean, TokenBatch start, ToldTime toldTime, CounterRandom random) {
    int[][] blanks = blanks(clean, start);
    double[] nats = new double[clean.count()];
    int states = Math.multiplyExact(clean.count(), draws);
    MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
    for (int from = 0; from < states; from += rowsPerCall) {
      int count = Math.min(states - from, rowsPerCall);
      Rows drawn = clean.part(from / draws, (from + count - 1) / draws + 1).repeated(draws);
      int[][] noisyRows = new int[count][];
      double[] times = new double[count];
      int[] masks = new int[count];
      for (int i = 0; i < count; i++) {
        int b = (from + i) / draws;
        int[] set = maskedSet(blanks[b], clean.firstExample() + b, (from + i) % draws, random);
        noisyRows[i] = clean.tokens().row(b);
        for (int n : set) {
          noisyRows[i][n] = clean.vocabulary().maskId();
        }
        masks[i] = set.length;
        int all = toldTime == ToldTime.OF_STEP ? blanks[b].length : clean.length();
        times[i] = schedule.nearestTime((double) (all - set.length) / all);
      }
      NoisedBatch batch =
          NoisedBatch.of(
              drawn.part(from % draws, from % draws + count),
              TokenBatch.of(clean.vocabulary(), noisyRows),
              times);
      double[] costs =
          crossEntropy.nats(denoiser, batch.question(batch.maskedPositions()), batch.targets());
      for (int p = 0; p < costs.length; p++) {
        int row = batch.rowOf(batch.maskedPositions()[p]);
        nats[(from + row) / draws] += costs[p] / ((double) masks[row] * draws);
      }
    }
    return Nats.requireNumbers(nats);
  }

  /** Draws the blanks of a row that are masked in a draw. */
  private int[] maskedSet(int[] blanks, long example, int draw, CounterRandom random) {
    double shift = random.uniforms(Purpose.LIKELIHOOD_LEVEL, 0).at(example, 0);
    double level = AntitheticTimes.sample(draws, (e, index) -> shift)[draw];
    int count = (int) Math.min(Math.floor(level * blanks.length) + 1, blanks.length);
    double[] keys = new double[blanks.length];
    random.uniforms(Purpose.LIKELIHOOD_MASK, draw).fill(example, 0, keys, 0, keys.length);
    return IntStream.range(0, blanks.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> keys[i]))
        .limit(count)
        .mapToInt(i -> blanks[i])
        .toArray();
  }

  /** Finds the blanks of each row, [B][M]. */
  private static int[][] blanks(Rows clean, TokenBatch start) {
    NoisedBatch.of(clean, start, new double[clean.count()]); // checks that they belong together
    int[][] blanks = new int[clean.count()][];
    for (int b = 0; b < blanks.length; b++) {
      int row = b;
      blanks[b] =
          IntStream.range(0, clean.length())
              .filter(n -> start.isMasked(row * clean.length() + n))
              .toArray();
      if (blanks[b].length == 0) {
        throw new IllegalArgumentException(
            "start must hold at least one mask a row, got none in row " + b);
      }
    }
    return blanks;
  }
}
