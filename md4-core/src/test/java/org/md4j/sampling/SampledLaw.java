package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.toy.Sequences;

/** What a sampler draws on a small vocabulary, counted and compared with an enumerated law. */
record SampledLaw(ReverseSampler sampler, Denoiser denoiser, Vocabulary vocabulary) {
  static final int DRAWS = 100_000;

  /**
   * Rare sequences are pooled until they are expected this often: the statistic's law is a limit.
   */
  private static final double LEAST_EXPECTED = 5;

  private static final CounterRandom RANDOM = new CounterRandom(20240607);

  /**
   * G-test of the draws against a law.
   *
   * @param law [V^N], indexed as {@link Sequences} counts
   * @param start [N]
   */
  void assertFollows(double[] law, int... start) {
    assertThat(pValue(law, start)).as("%s", sampler).isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
  }

  /**
   * G-tests of rows with classes, drawn together, against the law of each class.
   *
   * @param laws [classes][V^N]
   * @param start [N]
   */
  void assertFollow(double[][] laws, int... start) {
    int[] labels = IntStream.range(0, DRAWS * laws.length).map(row -> row % laws.length).toArray();
    TokenBatch drawn = draw(labels.length, labels, start);
    for (int label = 0; label < laws.length; label++) {
      int wanted = label;
      int[] rows = IntStream.range(0, labels.length).filter(i -> labels[i] == wanted).toArray();
      assertThat(pValue(laws[label], counts(drawn, rows)))
          .as("label %s, %s", label, sampler)
          .isGreaterThan(Tolerance.CHI_SQUARE_LEVEL);
    }
  }

  /** The probability of draws as far from the law as these, if they follow it. */
  double pValue(double[] law, int... start) {
    return pValue(law, counts(draw(DRAWS, new int[0], start), IntStream.range(0, DRAWS).toArray()));
  }

  private double pValue(double[] law, long[] counts) {
    double distance = 0;
    for (int i = 0; i < law.length; i++) {
      distance += Math.abs((double) counts[i] / DRAWS - law[i]) / 2;
    }
    int[] cells =
        IntStream.range(0, law.length)
            .filter(i -> law[i] > 0)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> law[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    if (Arrays.stream(cells).mapToLong(i -> counts[i]).sum() != DRAWS) {
      return 0;
    }
    double statistic = 0;
    double expected = 0;
    long observed = 0;
    int used = 0;
    for (int i : cells) {
      expected += law[i] * DRAWS;
      observed += counts[i];
      if (expected >= LEAST_EXPECTED) {
        statistic += observed == 0 ? 0 : 2 * observed * Math.log(observed / expected);
        expected = 0;
        observed = 0;
        used++;
      }
    }
    double p =
        used == 1 ? 1 : 1 - new ChiSquaredDistribution(used - 1).cumulativeProbability(statistic);
    System.out.printf(
        Locale.ROOT,
        "total variation %.5f, p %.4f over %d cells: %s%n",
        distance,
        p,
        used,
        sampler);
    return p;
  }

  private TokenBatch draw(int count, int[] labels, int... start) {
    int[][] rows = new int[count][];
    Arrays.fill(rows, start);
    Rows starts = Rows.of(TokenBatch.of(vocabulary, rows)).withLabels(labels);
    return sampler.sample(denoiser, new SamplingRequest(starts, RANDOM)).tokens();
  }

  /** How often each sequence is among some rows, [V^N]. */
  private long[] counts(TokenBatch drawn, int[] rows) {
    long[] counts = new long[Sequences.count(vocabulary.size(), drawn.length())];
    for (int row : rows) {
      counts[Sequences.index(drawn.row(row), vocabulary.size())]++;
    }
    return counts;
  }
}
