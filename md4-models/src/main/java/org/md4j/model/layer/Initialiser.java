package org.md4j.model.layer;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * How a parameter's entries start out: a map from a uniform number to a value, so that an entry
 * depends on its own random number only.
 *
 * <p>Source: Flax's defaults as the reference code b9fbf29 uses them: kernels LeCun truncated
 * normal, biases zero, embeddings normal of standard deviation 1/sqrt(width).
 */
sealed interface Initialiser {
  /**
   * The value of an entry.
   *
   * @param uniform in [0, 1)
   */
  double value(double uniform);

  /** All entries zero. */
  static Initialiser zeros() {
    return new Constant(0);
  }

  /** All entries one. */
  static Initialiser ones() {
    return new Constant(1);
  }

  /**
   * Truncated normal of variance {@code scale / fanIn}: a normal cut off at two of its standard
   * deviations, widened so that what remains has that variance.
   */
  static Initialiser truncatedNormal(double scale, long fanIn) {
    return new TruncatedNormal(Math.sqrt(scale / (double) fanIn));
  }

  /** Normal of standard deviation {@code 1 / sqrt(width)}. */
  static Initialiser embedding(long width) {
    return new Normal(1 / Math.sqrt((double) width));
  }

  /** The same value everywhere. */
  record Constant(double constant) implements Initialiser {
    @Override
    public double value(double uniform) {
      return constant;
    }
  }

  /** Normal by inversion. */
  record Normal(double standardDeviation) implements Initialiser {
    private static final double HALF_LATTICE = 0x1.0p-54;

    @Override
    public double value(double uniform) {
      // The half step keeps the lowest of the 2^53 uniforms away from 0, whose quantile is
      // infinite.
      return standardDeviation * STANDARD.inverseCumulativeProbability(uniform + HALF_LATTICE);
    }
  }

  /** Normal cut off at two standard deviations, by inversion. */
  record TruncatedNormal(double standardDeviation) implements Initialiser {
    /** Standard deviation of a standard normal cut off at -2 and 2. */
    static final double TRUNCATED_DEVIATION = 0.8796256610342398;

    private static final double LOWER = STANDARD.cumulativeProbability(-2);

    @Override
    public double value(double uniform) {
      double quantile = STANDARD.inverseCumulativeProbability(LOWER + uniform * (1 - 2 * LOWER));
      return standardDeviation / TRUNCATED_DEVIATION * quantile;
    }
  }

  /** The standard normal law; its quantile function is commons-math's. */
  NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);
}
