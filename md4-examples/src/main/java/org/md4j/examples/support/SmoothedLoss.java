package org.md4j.examples.support;

/** A loss that is calm enough to read: an exponential average, unbiased from the first value on. */
final class SmoothedLoss {
  private static final double RATE = 0.98;

  private double sum;
  private double weight;

  void add(double bits) {
    sum = RATE * sum + (1 - RATE) * bits;
    weight = RATE * weight + (1 - RATE);
  }

  double value() {
    return sum / weight;
  }
}
