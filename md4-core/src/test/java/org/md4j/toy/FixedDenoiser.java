package org.md4j.toy;

import java.util.Arrays;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostDenoiser;

/** Predicts the same distribution everywhere. Logits are DOUBLE log-probabilities. */
public final class FixedDenoiser implements HostDenoiser {
  private final double[] logits;

  private FixedDenoiser(double[] logits) {
    this.logits = logits;
  }

  /**
   * A predictor of a distribution.
   *
   * @param probabilities [V], positive
   */
  public static FixedDenoiser of(double... probabilities) {
    return new FixedDenoiser(Arrays.stream(probabilities).map(Math::log).toArray());
  }

  /** What a network with a zero-initialised head predicts. */
  public static FixedDenoiser uniform(int size) {
    return new FixedDenoiser(new double[size]);
  }

  @Override
  public void logits(DenoiserInput input, int row, int position, double[] into) {
    System.arraycopy(logits, 0, into, 0, logits.length);
  }
}
