package org.md4j.diffusion;

import java.util.OptionalLong;
import org.md4j.compute.Precision;
import org.md4j.model.NetworkConfig;
import org.md4j.model.ReplicaWork;

/** Counts the memory outside the Java heap that drawing rows takes, before anything is made. */
public final class SamplingMemory {
  /** The logits of all replicas, and what a sampler makes of them. */
  private static final int LOGIT_ARRAYS = 2;

  /** More than any machine has, and few enough to be added up. */
  private static final long MOST = 1L << 52;

  private SamplingMemory() {}

  /**
   * Counts the bytes for rows that are drawn together, every token of them masked at first.
   *
   * @param network of the length N of the rows
   * @param rows drawn together, at least 1
   * @param replicas of the network that share them, at least 1
   * @return parameters, activations and logits; empty if the network does not say what it needs
   * @throws OutOfMemoryError if there is no room for the parameters alone
   */
  public static OptionalLong of(
      NetworkConfig network, int rows, int replicas, Precision precision) {
    OptionalLong parameters = network.parameterCount();
    int together = (rows + replicas - 1) / replicas;
    int wanted = (int) Math.min(Integer.MAX_VALUE, (long) together * network.length());
    OptionalLong activations =
        network.activationBytes(new ReplicaWork(together, wanted, false, precision));
    if (parameters.isEmpty() || activations.isEmpty()) {
      return OptionalLong.empty();
    }
    long logits = (long) rows * network.length() * network.vocabulary().size();
    return OptionalLong.of(
        (parameters.getAsLong() + LOGIT_ARRAYS * logits) * Float.BYTES
            + Math.min(activations.getAsLong(), MOST) * Math.min(rows, replicas));
  }
}
