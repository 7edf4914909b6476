package org.md4j.model;

/**
 * Sinusoidal features of a time (reference code b9fbf29, models/backward.py): with half = width / 2
 * and {@code freq_i = 10000^(-i / (half - 1))},
 *
 * <pre>
 * [sin(1000 t freq_0), ..., sin(1000 t freq_(half-1)), cos(1000 t freq_0), ..., cos(1000 t freq_(half-1))]
 * </pre>
 *
 * <p>Deviation: computed in double on the host; the reference computes in 32 bits, where an angle
 * of up to 1000 is off by up to 3e-5.
 */
public final class TimeFeatures {
  private static final double TIME_SCALE = 1000;
  private static final double LONGEST_WAVE = 10_000;

  private TimeFeatures() {}

  /**
   * Computes the features of each time.
   *
   * @param times [B] in [0, 1]
   * @param width even, at least 4
   * @return [B][width]
   */
  public static double[][] of(double[] times, int width) {
    int half = width / 2;
    double[][] features = new double[times.length][width];
    for (int b = 0; b < times.length; b++) {
      for (int i = 0; i < half; i++) {
        double angle = TIME_SCALE * times[b] * Math.exp(-Math.log(LONGEST_WAVE) * i / (half - 1));
        features[b][i] = Math.sin(angle);
        features[b][half + i] = Math.cos(angle);
      }
    }
    return features;
  }
}
