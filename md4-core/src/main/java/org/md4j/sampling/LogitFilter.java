package org.md4j.sampling;

import java.util.Arrays;

/**
 * Changes the logits of a position before its token is drawn: sharper, or without unlikely tokens.
 * {@code org.md4j.contract.LogitFilterContract}, in the contracts jar of md4-core, holds a filter
 * of one's own to what is said here. The probability of being revealed is not touched, unless the
 * schedule depends on the token: then it is that of the changed prediction.
 *
 * <p>Filters compose in the order written: {@code temperature(0.9).andThen(topP(0.98))}. They are
 * immutable. A token taken out gets the logit {@code -Infinity}; at least one always stays.
 */
@FunctionalInterface
public interface LogitFilter {
  /**
   * The mass of the nucleus of the reference code's {@code topp} sampler (google-deepmind/md4,
   * b9fbf29).
   */
  double REFERENCE_TOP_P = 0.98;

  /**
   * Changes a row of logits in place.
   *
   * @param logits [at least V]; the row is all of the first {@code size} entries
   * @param size V
   */
  void apply(double[] logits, int size);

  /** Returns a filter that applies this one, then another. */
  default LogitFilter andThen(LogitFilter next) {
    return new Chain(this, next);
  }

  /** Returns the filter that changes nothing. */
  static LogitFilter none() {
    return None.NONE;
  }

  /**
   * Takes out the tokens whose logit is below a threshold.
   *
   * @param logits [at least V]; the row is all of the first {@code size} entries
   * @param size V
   */
  static void dropBelow(double threshold, double[] logits, int size) {
    for (int v = 0; v < size; v++) {
      if (logits[v] < threshold) {
        logits[v] = Double.NEGATIVE_INFINITY;
      }
    }
  }

  /**
   * Returns a filter that divides logits by a temperature: below 1 likely tokens become likelier.
   *
   * @param temperature positive and finite
   */
  static LogitFilter temperature(double temperature) {
    return new Temperature(temperature);
  }

  /**
   * Returns a filter that keeps the likeliest tokens: every token at least as likely as the k-th.
   *
   * @param k at least 1; more tokens are kept where several tie for the last place
   */
  static LogitFilter topK(int k) {
    return new TopK(k);
  }

  /**
   * Returns a filter that keeps the nucleus: every token at least as likely as the largest
   * threshold above which the tokens kept have a mass of at least p. Tokens that tie at the
   * threshold are all kept; with p = 1 all tokens are, however unlikely.
   *
   * <p>Source: Holtzman et al., arXiv 1904.09751; the rule of the reference code's {@code topp}
   * sampler (google-deepmind/md4, commit b9fbf29).
   *
   * @param p in (0, 1]; the reference's is {@link #REFERENCE_TOP_P}
   */
  static LogitFilter topP(double p) {
    return new TopP(p);
  }

  /** The filter that changes nothing, known by identity so that its pass can be left out. */
  enum None implements LogitFilter {
    /** The only such filter. */
    NONE;

    @Override
    public void apply(double[] logits, int size) {}
  }

  /**
   * A chain of two filters, the second applied to what the first leaves.
   *
   * @param first applied first
   * @param second applied second
   */
  record Chain(LogitFilter first, LogitFilter second) implements LogitFilter {
    @Override
    public void apply(double[] logits, int size) {
      first.apply(logits, size);
      second.apply(logits, size);
    }
  }

  /**
   * The filter of {@link #temperature(double)}: {@code logit / temperature}.
   *
   * @param temperature positive and finite
   */
  record Temperature(double temperature) implements LogitFilter {
    /** Checks the range. */
    public Temperature {
      if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "temperature (" + temperature + ") must be positive and finite");
      }
    }

    @Override
    public void apply(double[] logits, int size) {
      for (int v = 0; v < size; v++) {
        logits[v] /= temperature;
      }
    }
  }

  /**
   * The filter of {@link #topK(int)}: the k likeliest tokens and those that tie with the last.
   *
   * @param k at least 1
   */
  record TopK(int k) implements LogitFilter {
    /** Checks the range. */
    public TopK {
      if (k < 1) {
        throw new IllegalArgumentException("k (" + k + ") must be at least 1");
      }
    }

    @Override
    public void apply(double[] logits, int size) {
      if (k < size) {
        double[] ascending = Arrays.copyOf(logits, size);
        Arrays.sort(ascending);
        dropBelow(ascending[size - k], logits, size);
      }
    }
  }

  /**
   * The filter of {@link #topP(double)}: the smallest set of likeliest tokens with a mass of p,
   * ties at its edge included.
   *
   * @param p in (0, 1]
   */
  record TopP(double p) implements LogitFilter {
    /** The share of p by which rounding may make a sufficient mass fall short of it. */
    private static final double ROUNDING = 1e-12;

    /** Checks the range. */
    public TopP {
      if (!(p > 0 && p <= 1)) {
        throw new IllegalArgumentException("p (" + p + ") must be in (0, 1]");
      }
    }

    @Override
    public void apply(double[] logits, int size) {
      if (p == 1) {
        return;
      }
      double[] ascending = Arrays.copyOf(logits, size);
      Arrays.sort(ascending);
      double largest = ascending[size - 1];
      double total = 0;
      for (double logit : ascending) {
        total += Math.exp(logit - largest);
      }
      double kept = 1;
      int last = size - 1;
      while (last > 0 && kept < p * (1 - ROUNDING) * total) {
        last--;
        kept += Math.exp(ascending[last] - largest);
      }
      dropBelow(ascending[last], logits, size);
    }
  }
}
