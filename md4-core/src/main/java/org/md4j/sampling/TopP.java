package org.md4j.sampling;

import java.util.Arrays;

/** The smallest set of likeliest tokens with a mass of p, ties at its edge included. */
record TopP(double p) implements LogitFilter {
  /** A mass that falls short of p by rounding only is enough. */
  private static final double ROUNDING = 1e-12;

  TopP {
    if (!(p > 0 && p <= 1)) {
      throw new IllegalArgumentException("p (" + p + ") must be in (0, 1]");
    }
  }

  @Override
  public void apply(double[] logits, int size) {
    double[] ascending = Arrays.copyOf(logits, size);
    Arrays.sort(ascending);
    double largest = ascending[size - 1];
    double total = 0;
    for (double logit : ascending) {
      total += Math.exp(logit - largest);
    }
    double kept = 0;
    int last = size;
    while (last > 0 && kept < (p - ROUNDING) * total) {
      last--;
      kept += Math.exp(ascending[last] - largest);
    }
    LogitFilter.dropBelow(ascending[last], logits, size);
  }
}
