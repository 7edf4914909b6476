package org.md4j.likelihood;

import java.util.Arrays;

/**
 * The negative log-likelihoods of some rows, each by itself.
 *
 * <p>The array is not copied; nobody may change it afterwards. Records holding arrays compare by
 * identity of the arrays: do not use one as a key.
 *
 * @param nats -ln p of each row, summed over its tokens, [B]
 * @param length N
 * @param evaluations rows given to the network
 */
public record RowLikelihoods(double[] nats, int length, long evaluations) {
  /** Rejects an empty batch, and likelihoods that are not numbers. */
  public RowLikelihoods {
    if (nats.length == 0 || length < 1) {
      throw new IllegalArgumentException(
          "nats must hold at least one row and length ("
              + length
              + ") be at least 1, got "
              + nats.length
              + " rows");
    }
    Nats.requireNumbers(nats);
  }

  /** Returns the mean over rows and its standard error, bits per token. */
  public SampleMean bitsPerToken() {
    return SampleMean.of(Arrays.stream(nats).map(row -> row / length).toArray()).inBits();
  }
}
