package org.md4j.model;

import org.md4j.compute.Precision;

/**
 * What a replica of a network is asked for at a time, for counting the memory that it takes.
 *
 * @param rows B, at least 1
 * @param wanted P, the positions of all of them whose logits are wanted, in 1..B N
 * @param training whether a backward pass follows
 * @param precision what the network computes in
 */
public record ReplicaWork(int rows, int wanted, boolean training, Precision precision) {
  /** Checks both numbers; that there are so many positions is for the network to check. */
  public ReplicaWork {
    if (rows < 1) {
      throw new IllegalArgumentException("rows (" + rows + ") must be at least 1");
    }
    if (wanted < 1) {
      throw new IllegalArgumentException("wanted (" + wanted + ") must be at least 1");
    }
  }

  /** Returns the same work on other rows, as large a share of whose positions is wanted. */
  ReplicaWork withRows(int otherRows) {
    int scaled = (int) Math.max(1, (long) wanted * otherRows / rows);
    return new ReplicaWork(otherRows, scaled, training, precision);
  }
}
