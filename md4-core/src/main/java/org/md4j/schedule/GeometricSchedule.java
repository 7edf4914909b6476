package org.md4j.schedule;

import org.md4j.core.Checks;

/**
 * The geometric schedule: total noise that grows by a constant factor a time step:
 *
 * <pre>
 *   sigma(t) = minimumNoise^(1-t) maximumNoise^t        alpha(t)  = exp(-sigma(t))
 *   alpha'(t) = -alpha sigma ln(maximumNoise / minimumNoise)
 * </pre>
 *
 * <p>alpha(0) and alpha(1) are near 1 and 0 but not exactly so: weight and log-SNR are finite
 * everywhere. The paper draws it with 1e-5 and 20.
 *
 * <p>Deviation: the paper's Table 4 prints the ratio in the logarithm of alpha' the other way round
 * next to a leading minus, which would make the weight negative; here the weight is positive.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, Figure 1 and Table 4, after SEDD (Lou et al., arXiv
 * 2310.16834).
 *
 * @param minimumNoise sigma(0), positive
 * @param maximumNoise sigma(1), greater than minimumNoise, finite
 */
public record GeometricSchedule(double minimumNoise, double maximumNoise)
    implements MaskingSchedule {
  /** Rejects noise that does not grow. */
  public GeometricSchedule {
    if (!(minimumNoise > 0)) {
      throw new IllegalArgumentException("minimumNoise (" + minimumNoise + ") must be positive");
    }
    if (!(maximumNoise > minimumNoise && maximumNoise < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "maximumNoise ("
              + maximumNoise
              + ") must be finite and greater than minimumNoise, got minimumNoise "
              + minimumNoise);
    }
  }

  @Override
  public double alpha(double t) {
    return Math.exp(-noise(t));
  }

  @Override
  public double oneMinusAlpha(double t) {
    return -Math.expm1(-noise(t));
  }

  @Override
  public double alphaPrime(double t) {
    double noise = noise(t);
    return -Math.exp(-noise) * noise * logRatio();
  }

  @Override
  public double weight(double t) {
    double noise = noise(t);
    return logRatio() * (noise / Math.expm1(noise));
  }

  @Override
  public double logSnr(double t) {
    double noise = noise(t);
    return -noise - Math.log(-Math.expm1(-noise));
  }

  @Override
  public double inverseAlpha(double alpha) {
    double noise = -Math.log(AlphaRange.clamped(this, alpha));
    // Rounding in alpha may put the noise a last bit outside its range.
    return Math.min(1, Math.max(0, (Math.log(noise) - Math.log(minimumNoise)) / logRatio()));
  }

  private double noise(double t) {
    // Two powers, since the ratio of the ends may be more than a double holds.
    return Math.pow(minimumNoise, 1 - Checks.time(t)) * Math.pow(maximumNoise, t);
  }

  private double logRatio() {
    double ratio = maximumNoise / minimumNoise;
    return ratio < Double.POSITIVE_INFINITY
        ? Math.log(ratio)
        : Math.log(maximumNoise) - Math.log(minimumNoise);
  }
}
