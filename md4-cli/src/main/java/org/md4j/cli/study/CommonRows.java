package org.md4j.cli.study;

import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.diffusion.Fit;
import org.md4j.likelihood.LikelihoodEstimator;
import org.md4j.likelihood.LikelihoodProtocol;

/**
 * Held-out rows on which networks of different objectives are measured, each by its own bound in
 * time: the same rows in the same groups, with the same noise levels and random numbers, so that
 * what makes a group dear for all of them cancels from differences.
 *
 * @param text held-out rows, at least {@code rows}
 * @param rows how many of them, drawn by the seed; a multiple of {@value #TOGETHER}, at least two
 *     times that
 * @param draws noise levels of a row, at least 1; an exact likelihood needs one only
 * @param seed of rows, levels and masks
 */
public record CommonRows(RowSource text, int rows, int draws, long seed) {
  /** Rows over which levels are spread evenly; their mean is one observation. */
  public static final int TOGETHER = 16;

  /** The fewest rows there is a standard error for. */
  public static final int FEWEST = 2 * TOGETHER;

  /** Rejects rows that do not make up groups. */
  public CommonRows {
    if (rows < FEWEST || rows % TOGETHER != 0 || rows > text.size()) {
      throw new IllegalArgumentException(
          "rows (%d) must be a multiple of %d, at least %d and at most the %d rows of the text"
              .formatted(rows, TOGETHER, FEWEST, text.size()));
    }
  }

  /**
   * Measures a network.
   *
   * @return the mean of each group, bits per token, [rows / {@value #TOGETHER}]
   */
  public double[] bits(Denoiser denoiser, Fit fit) {
    int levels = fit.isExact() ? 1 : draws;
    return new LikelihoodEstimator(
            denoiser,
            text,
            new LikelihoodProtocol(fit.inTime(), TOGETHER, levels),
            new CounterRandom(seed))
        .groupMeans((long) rows * levels);
  }
}
