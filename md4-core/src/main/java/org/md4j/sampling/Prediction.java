package org.md4j.sampling;

/**
 * What the network predicts at one position, and the law its token is drawn from. One object is
 * pointed at one position after the other; nothing is computed before it is asked for.
 */
final class Prediction {
  private final LogitFilter filter;
  private final Categorical network;
  private final Categorical filtered;
  private final double[] scratch;
  private double[] logits = {};
  private int from;
  private boolean networkIsSet;
  private boolean filteredIsSet;

  Prediction(int size, LogitFilter filter) {
    this.filter = filter;
    network = new Categorical(size);
    filtered = filter == LogitFilter.none() ? network : new Categorical(size);
    scratch = new double[size];
  }

  /** Points at the V logits from {@code from} on, which must stay as they are. */
  void pointAt(double[] logits, int from) {
    this.logits = logits;
    this.from = from;
    networkIsSet = false;
    filteredIsSet = false;
  }

  /** The network's own prediction, mu. */
  Categorical network() {
    if (!networkIsSet) {
      network.set(logits, from);
      networkIsSet = true;
    }
    return network;
  }

  /** What tokens are drawn from. */
  Categorical law() {
    if (filtered == network) {
      return network();
    }
    if (!filteredIsSet) {
      System.arraycopy(logits, from, scratch, 0, scratch.length);
      // Bad logits are the network's fault: they are reported before a filter sees them.
      network();
      filter.apply(scratch, scratch.length);
      filtered.set(scratch, 0);
      filteredIsSet = true;
    }
    return filtered;
  }
}
