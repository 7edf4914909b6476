package org.md4j.sampling;

/**
 * The prediction of the network at one position, before and after the {@link LogitFilter}. One
 * object is pointed at one position after the other, so it is valid only while a {@link
 * SamplingRun.Reader} reads it; nothing is computed before it is asked for.
 */
public final class Prediction {
  private final LogitFilter filter;
  private final Categorical network;
  private final Categorical law;
  private final double[] scratch;
  private double[] logits = {};
  private int from;
  private boolean networkIsSet;
  private boolean lawIsSet;

  Prediction(int size, LogitFilter filter) {
    this.filter = filter;
    network = new Categorical(size);
    law = filter == LogitFilter.none() ? network : new Categorical(size);
    scratch = new double[size];
  }

  /** Points at the V logits from {@code from} on, which must stay as they are. */
  void pointAt(double[] logits, int from) {
    this.logits = logits;
    this.from = from;
    networkIsSet = false;
    lawIsSet = false;
  }

  /** The network's own prediction, mu. */
  public Categorical network() {
    if (!networkIsSet) {
      network.set(logits, from);
      networkIsSet = true;
    }
    return network;
  }

  /** The filtered prediction, from which tokens are drawn. */
  public Categorical filtered() {
    if (law == network) {
      return network();
    }
    if (!lawIsSet) {
      System.arraycopy(logits, from, scratch, 0, scratch.length);
      // Bad logits are the network's fault: they are reported before a filter sees them.
      network();
      filter.apply(scratch, scratch.length);
      law.set(scratch, 0);
      lawIsSet = true;
    }
    return law;
  }
}
