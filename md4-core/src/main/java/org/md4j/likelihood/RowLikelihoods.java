package org.md4j.likelihood;

import java.util.Arrays;

/**
 * What some rows cost, each by itself.
 *
 * <p>The array is not copied; nobody may change it afterwards. Records holding arrays compare by
 * identity of the arrays: do not use one as a key.
 *
 * @param nats -ln p of each row, [B]
 * @param length N
 * @param evaluations rows given to the network
 */
public record RowLikelihoods(double[] nats, int length, long evaluations) {
  /** Rejects an empty batch. */
  public RowLikelihoods {
    if (nats.length == 0 || length < 1) {
      throw new IllegalArgumentException(
          "nats must hold at least one row and length ("
              + length
              + ") be at least 1, got "
              + nats.length
              + " rows");
    }
  }

  /** The mean over rows and its standard error, nats per token. */
  public SampleMean natsPerToken() {
    return SampleMean.of(Arrays.stream(nats).map(row -> row / length).toArray());
  }
}
