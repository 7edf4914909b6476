package org.md4j.cli.study;

import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Vocabulary;

/**
 * Pictures of 4 by 4 grey pixels, darkish noise.
 *
 * @param size how many
 * @param seed of the noise
 */
public record DrawnPictures(long size, long seed) implements RowSource {
  private static final int VALUES = 100;

  @Override
  public Vocabulary vocabulary() {
    return new Vocabulary(256);
  }

  @Override
  public int length() {
    return 16;
  }

  @Override
  public void row(long index, int[] into) {
    double[] uniforms = new double[into.length];
    new CounterRandom(seed).uniforms(Purpose.DATA, 0).fill(index, 0, uniforms, 0, 16);
    for (int n = 0; n < into.length; n++) {
      into[n] = (int) (uniforms[n] * VALUES);
    }
  }

  @Override
  public String name() {
    return "noise";
  }

  @Override
  public String sha256() {
    return "0".repeat(64);
  }
}
