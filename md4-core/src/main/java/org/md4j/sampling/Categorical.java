package org.md4j.sampling;

/**
 * The softmax of V logits, in double: a law of tokens, to draw from and to be judged by.
 *
 * <p>A draw inverts the cumulative distribution at a uniform number of 53 bits, so that a token of
 * probability p is drawn with a relative error of at most about {@code 2^-53 / p}.
 *
 * <p>Deviation: the reference code adds Gumbel noise in single precision, whose 23-bit uniforms
 * never draw tokens less likely than about 1e-8 and so lower the temperature unannounced (Zheng et
 * al., arXiv 2409.02908; MD4, arXiv 2406.04329v4, appendix G).
 */
public final class Categorical {
  /** The answer of {@link #drawAccepted} that stands for no token. */
  public static final int NONE = -1;

  private final double[] mass;
  private double total;
  private double entropy;
  private int argmax;

  /** Makes a distribution over V tokens that has to be {@link #set} before it is used. */
  Categorical(int size) {
    mass = new double[size];
  }

  /**
   * Returns the softmax of some logits, [V].
   *
   * @param logits at least one of them finite; -Infinity is a token that cannot be
   */
  public static Categorical of(double... logits) {
    Categorical law = new Categorical(logits.length);
    law.set(logits, 0);
    return law;
  }

  /**
   * Takes the softmax of logits.
   *
   * @param logits at least V numbers from {@code from} on; -Infinity is a token that cannot be
   */
  void set(double[] logits, int from) {
    argmax = likeliest(logits, from, mass.length);
    double largest = logits[from + argmax];
    double sum = 0;
    double weighted = 0;
    for (int v = 0; v < mass.length; v++) {
      double below = logits[from + v] - largest;
      double m = Math.exp(below);
      mass[v] = m;
      sum += m;
      // A mass of 0 may be that of -Infinity, and 0 * Infinity is not a number.
      weighted += m == 0 ? 0 : m * below;
    }
    total = sum;
    entropy = Math.log(sum) - weighted / sum;
  }

  /**
   * Draws the token at which the cumulative distribution first exceeds u.
   *
   * @param u in [0, 1)
   * @return in 0..V-1, never a token of probability 0
   */
  public int draw(double u) {
    double target = u * total;
    double cumulative = 0;
    int last = 0;
    for (int v = 0; v < mass.length; v++) {
      cumulative += mass[v];
      if (target < cumulative) {
        return v;
      }
      last = mass[v] > 0 ? v : last;
    }
    // u * total may round up to the total.
    return last;
  }

  /**
   * Draws a token that may be turned down: v with probability {@code p_v acceptance_v}.
   *
   * @param u in [0, 1)
   * @param acceptance [V], each in [0, 1]
   * @return in 0..V-1, or {@link #NONE} with the probability that is left
   */
  public int drawAccepted(double u, double[] acceptance) {
    double target = u * total;
    double cumulative = 0;
    for (int v = 0; v < mass.length; v++) {
      cumulative += mass[v] * acceptance[v];
      if (target < cumulative) {
        return v;
      }
    }
    return NONE;
  }

  /** The likeliest token, the lowest id on ties. */
  public int argmax() {
    return argmax;
  }

  /** The probability of a token. */
  public double probability(int token) {
    return mass[token] / total;
  }

  /** The entropy, in nats. */
  public double entropy() {
    return entropy;
  }

  /** The probability of the likeliest token less that of the second likeliest, 0 on ties. */
  public double margin() {
    double second = 0;
    for (int v = 0; v < mass.length; v++) {
      if (v != argmax && mass[v] > second) {
        second = mass[v];
      }
    }
    return (mass[argmax] - second) / total;
  }

  private static int likeliest(double[] logits, int from, int size) {
    int best = 0;
    for (int v = 0; v < size; v++) {
      double logit = logits[from + v];
      // NaN fails every comparison and would be drawn as token 0 without notice.
      if (!(logit <= Double.MAX_VALUE)) {
        throw new IllegalArgumentException(
            "logit (" + logit + ") of token " + v + " must be finite; has training diverged?");
      }
      if (logit > logits[from + best]) {
        best = v;
      }
    }
    if (logits[from + best] == Double.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "logits of a position must hold at least one finite number, got -Infinity for all "
              + size
              + " tokens; has training diverged?");
    }
    return best;
  }
}
