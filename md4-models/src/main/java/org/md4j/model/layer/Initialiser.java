package org.md4j.model.layer;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The rule by which a parameter's entries start: a map from a uniform number, and for a table from
 * the entry's place too, to a value, so that an entry depends on its own random number only.
 *
 * <p>Source: Flax's defaults as the reference code b9fbf29 uses them: kernels LeCun truncated
 * normal, biases zero, embeddings normal of standard deviation 1/sqrt(width).
 */
public sealed interface Initialiser {
  /**
   * The value of an entry.
   *
   * @param uniform random number in [0, 1)
   * @param entry the entry's number within the parameter, in c order
   */
  double value(double uniform, long entry);

  /** Starts all entries at zero. */
  static Initialiser zeros() {
    return new Constant(0);
  }

  /** Starts all entries at one. */
  static Initialiser ones() {
    return new Constant(1);
  }

  /**
   * A truncated normal of variance {@code scale / fanIn}: a normal cut off at two of its standard
   * deviations, widened so that what remains has that variance.
   */
  static Initialiser truncatedNormal(double scale, long fanIn) {
    return new TruncatedNormal(Math.sqrt(scale / (double) fanIn));
  }

  /** A normal of this standard deviation. */
  static Initialiser normal(double standardDeviation) {
    return new Normal(standardDeviation);
  }

  /** A normal of standard deviation {@code 1 / sqrt(width)}. */
  static Initialiser embedding(long width) {
    return new Normal(1 / Math.sqrt((double) width));
  }

  /**
   * Sines and cosines of the places of a grid, row by row, as a [rows * columns, width] table: the
   * first half of a row of the table for the grid's row y, the second for its column x, each {@code
   * [sin(y f_0), .., sin(y f_{n-1}), cos(y f_0), .., cos(y f_{n-1})]} with n = width / 4 and {@code
   * f_i = 10000^(-i/n)} (the sinusoids of Vaswani et al., arXiv 1706.03762, section 3.5, over two
   * dimensions).
   *
   * @param columns number of columns of the grid
   * @param width a multiple of 4
   */
  static Initialiser sinusoids(int columns, int width) {
    return new Sinusoids(columns, width);
  }

  /** The same value everywhere. */
  record Constant(double constant) implements Initialiser {
    @Override
    public double value(double uniform, long entry) {
      return constant;
    }
  }

  /** A normal law, drawn by inversion. */
  record Normal(double standardDeviation) implements Initialiser {
    private static final double HALF_LATTICE = 0x1.0p-54;

    @Override
    public double value(double uniform, long entry) {
      // The half step keeps the lowest of the 2^53 uniforms away from 0, whose quantile is
      // infinite.
      return standardDeviation * STANDARD.inverseCumulativeProbability(uniform + HALF_LATTICE);
    }
  }

  /** A normal law cut off at two standard deviations, drawn by inversion. */
  record TruncatedNormal(double standardDeviation) implements Initialiser {
    /** The standard deviation of a standard normal cut off at -2 and 2. */
    static final double TRUNCATED_DEVIATION = 0.8796256610342398;

    private static final double LOWER = STANDARD.cumulativeProbability(-2);

    @Override
    public double value(double uniform, long entry) {
      double quantile = STANDARD.inverseCumulativeProbability(LOWER + uniform * (1 - 2 * LOWER));
      return standardDeviation / TRUNCATED_DEVIATION * quantile;
    }
  }

  /** Sines and cosines of places; nothing is random. */
  record Sinusoids(int columns, int width) implements Initialiser {
    private static final double LONGEST_PERIOD = 10_000;

    @Override
    public double value(double uniform, long entry) {
      long place = entry / width;
      int channel = (int) (entry % width);
      int half = width / 2;
      int quarter = width / 4;
      long coordinate = channel < half ? place / columns : place % columns;
      int within = channel % half;
      double angle =
          (double) coordinate * Math.pow(LONGEST_PERIOD, -(double) (within % quarter) / quarter);
      return within < quarter ? Math.sin(angle) : Math.cos(angle);
    }
  }

  /** The standard normal law; its quantile function is commons-math's. */
  NormalDistribution STANDARD = new NormalDistribution(null, 0, 1);
}
