package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.GTest;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.toy.Sequences;

/** What a sampler draws on a small vocabulary, counted and compared with an enumerated law. */
record SampledLaw(ReverseSampler sampler, Denoiser denoiser, Vocabulary vocabulary) {
  static final int DRAWS = 100_000;

  /** Expected counts below this are pooled: the law of the statistic is a limit. */
  private static final double LEAST_EXPECTED = 5;

  private static final CounterRandom RANDOM = new CounterRandom(20240607);

  /**
   * G-test of the draws against a law.
   *
   * @param law [V^N], indexed as {@link Sequences} counts
   * @param start [N]
   */
  void assertFollows(double[] law, int... start) {
    double p = pValue(law, start);
    assertThat(p).as("%s", sampler).isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  /** The probability of draws as far from the law as these, if they follow it. */
  double pValue(double[] law, int... start) {
    long[] counts = counts(start);
    double distance = 0;
    for (int i = 0; i < law.length; i++) {
      distance += Math.abs((double) counts[i] / DRAWS - law[i]) / 2;
    }
    int[] cells = IntStream.range(0, law.length).filter(i -> law[i] > 0).toArray();
    if (Arrays.stream(cells).mapToLong(i -> counts[i]).sum() != DRAWS) {
      return 0;
    }
    double[] expected = new double[cells.length];
    long[] observed = new long[cells.length];
    int used = 0;
    for (int i : cells) {
      // Pools a rare sequence with the one before it.
      int cell = law[i] * DRAWS < LEAST_EXPECTED && used > 0 ? used - 1 : used++;
      expected[cell] += law[i] * DRAWS;
      observed[cell] += counts[i];
    }
    double p =
        used == 1
            ? 1
            : new GTest().gTest(Arrays.copyOf(expected, used), Arrays.copyOf(observed, used));
    System.out.printf(
        Locale.ROOT,
        "total variation %.5f, p %.4f over %d cells: %s%n",
        distance,
        p,
        used,
        sampler);
    return p;
  }

  private long[] counts(int... start) {
    int[][] rows = new int[DRAWS][];
    Arrays.fill(rows, start);
    TokenBatch drawn =
        sampler
            .sample(denoiser, SamplingRequest.of(TokenBatch.of(vocabulary, rows), RANDOM))
            .tokens();
    long[] counts = new long[Sequences.count(vocabulary.size(), start.length)];
    for (int b = 0; b < DRAWS; b++) {
      counts[Sequences.index(drawn.row(b), vocabulary.size())]++;
    }
    return counts;
  }
}
