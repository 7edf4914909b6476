package org.md4j.sampling;

import java.util.Arrays;

/** The k likeliest tokens and those that tie with the last of them. */
record TopK(int k) implements LogitFilter {
  TopK {
    if (k < 1) {
      throw new IllegalArgumentException("k (" + k + ") must be at least 1");
    }
  }

  @Override
  public void apply(double[] logits, int size) {
    if (k < size) {
      double[] ascending = Arrays.copyOf(logits, size);
      Arrays.sort(ascending);
      LogitFilter.dropBelow(ascending[size - k], logits, size);
    }
  }
}
