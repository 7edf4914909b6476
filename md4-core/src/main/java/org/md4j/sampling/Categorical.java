package org.md4j.sampling;

/**
 * Choices from one row of logits, in double.
 *
 * <p>A draw inverts the cumulative distribution at a uniform number of 53 bits, so that a token of
 * probability p is drawn with a relative error of at most about {@code 2^-53 / p}.
 *
 * <p>Deviation: the reference code adds Gumbel noise in single precision, whose 23-bit uniforms
 * never draw tokens less likely than about 1e-8 and so lower the temperature unannounced (Zheng et
 * al., arXiv 2409.02908; MD4, arXiv 2406.04329v4, appendix G).
 */
final class Categorical {
  private Categorical() {}

  /**
   * The token at which the cumulative softmax first exceeds u.
   *
   * @param logits at least {@code from + size} numbers, the row begins at {@code from}
   * @param size V
   * @param u in [0, 1)
   * @return in 0..V-1, never a token of probability 0
   */
  static int draw(double[] logits, int from, int size, double u) {
    double largest = logits[from + argmax(logits, from, size)];
    double total = 0;
    for (int v = 0; v < size; v++) {
      total += Math.exp(logits[from + v] - largest);
    }
    double target = u * total;
    double cumulative = 0;
    int last = 0;
    for (int v = 0; v < size; v++) {
      double mass = Math.exp(logits[from + v] - largest);
      cumulative += mass;
      if (target < cumulative) {
        return v;
      }
      last = mass > 0 ? v : last;
    }
    // u * total may round up to the total.
    return last;
  }

  /** The likeliest token, the lowest id on ties. */
  static int argmax(double[] logits, int from, int size) {
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
