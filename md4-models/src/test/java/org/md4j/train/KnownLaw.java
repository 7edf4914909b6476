package org.md4j.train;

import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Uniforms;

/** Rows drawn from a law that is known, and so is its entropy. */
abstract class KnownLaw implements RowSource {
  private static final long SIZE = 1L << 40;
  private final long seed;

  /** Other seeds have other rows. */
  KnownLaw(long seed) {
    this.seed = seed;
  }

  /** The probability of a row; 0 if there is none such. */
  abstract double probability(int[] row);

  /** Writes a row made of uniform numbers, one for each position. */
  abstract void draw(Uniforms uniforms, long index, int[] into);

  /** Nats of a row, the sum over all V^N of them. */
  final double entropy() {
    int[] row = new int[length()];
    double entropy = 0;
    do {
      double probability = probability(row);
      entropy -= probability == 0 ? 0 : probability * Math.log(probability);
    } while (advance(row));
    return entropy;
  }

  /** Counts up; false after the last row. */
  private boolean advance(int[] row) {
    for (int n = 0; n < row.length; n++) {
      if (++row[n] < vocabulary().size()) {
        return true;
      }
      row[n] = 0;
    }
    return false;
  }

  @Override
  public final void row(long index, int[] into) {
    draw(new CounterRandom(seed).uniforms(Purpose.DATA, 0), index, into);
  }

  @Override
  public final long size() {
    return SIZE;
  }

  @Override
  public final String name() {
    return getClass().getSimpleName() + ", seed " + seed;
  }

  @Override
  public final String sha256() {
    return name();
  }
}
