package org.md4j.cli.data;

import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.RowSource;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;

/**
 * Pictures of independent values, for timings.
 *
 * @param network what they must fit
 */
public record NoisePictures(NetworkConfig network) implements RowSource {
  private static final Uniforms NOISE = new CounterRandom(0).uniforms(Purpose.DATA, 0);

  @Override
  public Vocabulary vocabulary() {
    return network.vocabulary();
  }

  @Override
  public int length() {
    return network.length();
  }

  @Override
  public long size() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void row(long index, int[] into) {
    for (int n = 0; n < into.length; n++) {
      into[n] = (int) (network.vocabulary().size() * NOISE.at(index, n));
    }
  }

  @Override
  public int classes() {
    return network.classes();
  }

  @Override
  public int label(long index) {
    return (int) (index % network.classes());
  }

  @Override
  public String name() {
    return "noise";
  }

  @Override
  public String sha256() {
    return "none";
  }
}
