package org.md4j.train;

import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;

/**
 * Rows of independent tokens 0 and 1 of two classes: a token equals its row's class with
 * probability {@value #FIDELITY}. Even examples are of class 0, odd ones of class 1.
 */
record TwoClasses(int length, long size, long seed) implements RowSource {
  static final double FIDELITY = 0.9;

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(2);
  }

  @Override
  public int classes() {
    return 2;
  }

  @Override
  public int label(long index) {
    return (int) (index % 2);
  }

  @Override
  public void row(long index, int[] into) {
    for (int n = 0; n < into.length; n++) {
      boolean faithful = new CounterRandom(seed).uniforms(Purpose.DATA, 0).at(index, n) < FIDELITY;
      into[n] = faithful ? label(index) : 1 - label(index);
    }
  }

  @Override
  public String name() {
    return "two classes, seed " + seed;
  }

  @Override
  public String sha256() {
    return "two-classes-" + seed;
  }
}
