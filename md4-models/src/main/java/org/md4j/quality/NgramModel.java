package org.md4j.quality;

import java.util.ArrayList;
import java.util.List;
import org.md4j.core.RowSource;
import org.md4j.data.TokenSequence;
import org.md4j.likelihood.SampleMean;

/**
 * An n-gram model of tokens, characters or words, with interpolated Witten-Bell smoothing down to
 * the uniform distribution. It shares nothing with a network, so it can judge what one draws, and
 * be what one has to be better than.
 *
 * <pre>
 *   p_k(w | h) = (c(h w) + d(h) p_{k-1}(w | h')) / (c(h) + d(h)),    p_{-1}(w) = 1 / V
 *
 *   h     the k tokens before w, h' without the oldest of them
 *   c(hw) how often w came after h in the text counted;  c(h) = sum over w of c(h w)
 *   d(h)  how many different tokens came after h
 * </pre>
 *
 * <p>A context that was never followed by anything leaves p_{k-1} as it is. Order n means n-grams:
 * a token is predicted from the n-1 before it, and at the beginning of a text from as many as there
 * are, so that the probabilities of all texts of a length sum to one.
 *
 * <p>Immutable and safe for use by many threads. Memory, for each k up to n: 4 bytes for each of
 * the V^k k-grams there can be where they are no more than 2^24, else 12 bytes for each slot of a
 * hash table of those seen, at most half full; as much again for the contexts of k tokens. With V =
 * 27 and order 6 these are 119 MB and the table of 6-grams.
 *
 * <p>Source: Witten and Bell, "The zero-frequency problem", IEEE Transactions on Information Theory
 * 37(4), 1991, their method C, in its interpolated form.
 */
public final class NgramModel {
  /** The usual order for characters: 6-grams, a symbol from the 5 before it. */
  public static final int CHARACTERS = 6;

  /** The order of the model that words are compared with. */
  public static final int WORDS = 3;

  private final int vocabularySize;
  private final int order;
  private final long[] powers; // V^k, [order + 1]
  private final List<GramCounts> counts = new ArrayList<>(); // Of each k-gram, k in 0 .. order
  private final List<GramCounts> followers = new ArrayList<>(); // d(h) of contexts of k < order
  private final long end; // The text's last tokens as a number; its low digits are no context.

  private NgramModel(int vocabularySize, int order, TokenSequence text) {
    this.vocabularySize = vocabularySize;
    this.order = order;
    powers = new long[order + 1];
    powers[0] = 1;
    counts.add(GramCounts.forGrams(1));
    for (int k = 0; k < order; k++) {
      powers[k + 1] = powers[k] * vocabularySize;
      counts.add(GramCounts.forGrams(powers[k + 1]));
      followers.add(GramCounts.forGrams(powers[k]));
    }
    end = read(text);
  }

  /**
   * Returns a model of a text.
   *
   * @param text what is counted; at least one token and fewer than 2^31
   * @param order order of the model, at least 1, with V^order below 2^63
   */
  public static NgramModel of(TokenSequence text, int order) {
    int size = text.vocabulary().size();
    if (order < 1 || Math.pow(size, order) >= Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "order (%d) must be at least 1 and V^order below 2^63, got V = %d"
              .formatted(order, size));
    }
    if (text.length() < 1 || text.length() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "text must hold at least one token and fewer than 2^31, got " + text.length());
    }
    return new NgramModel(size, order, text);
  }

  /** The order n: a token is predicted from the n-1 before it. */
  public int order() {
    return order;
  }

  /**
   * Returns the probability of a token after those before it, of which it depends on the last n-1.
   *
   * @param tokens values in {@code 0 .. V-1}
   * @param position position of the token, in {@code [0, tokens.length)}
   */
  public double probability(int[] tokens, int position) {
    int longestContext = Math.min(position, order - 1);
    long window = 0;
    for (int i = position - longestContext; i <= position; i++) {
      window = window * vocabularySize + checked(tokens[i]);
    }
    double probability = 1.0 / vocabularySize;
    for (int k = 0; k <= longestContext; k++) {
      long gram = window % powers[k + 1];
      long context = gram / vocabularySize;
      int all = timesFollowed(k, context);
      if (all == 0) {
        break; // Then no longer context was followed by anything either.
      }
      int different = followers.get(k).count(context);
      int seen = counts.get(k + 1).count(gram);
      probability = (seen + different * probability) / ((double) all + different);
    }
    return probability;
  }

  /**
   * Returns the mean of {@code -log2 p} over the tokens of a text: bits a token.
   *
   * @param tokens those of the text, at least one, values in {@code 0 .. V-1}
   */
  public double bitsPerToken(int[] tokens) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("tokens must hold at least one token, got none");
    }
    double nats = 0;
    for (int n = 0; n < tokens.length; n++) {
      nats -= Math.log(probability(tokens, n));
    }
    return nats / (tokens.length * Math.log(2));
  }

  /**
   * Returns the mean of {@link #bitsPerToken(int[])} over rows, each by itself, and its standard
   * error: what a network whose context is a row is to be compared with.
   *
   * @param rows at least one, of this vocabulary
   */
  public SampleMean bitsPerToken(RowSource rows) {
    int[] row = new int[rows.length()];
    double[] bits = new double[Math.toIntExact(rows.size())];
    for (int i = 0; i < bits.length; i++) {
      rows.row(i, row);
      bits[i] = bitsPerToken(row);
    }
    return SampleMean.of(bits);
  }

  private long read(TokenSequence text) {
    long window = 0;
    for (long n = 0; n < text.length(); n++) {
      window = window % powers[order - 1] * vocabularySize + text.token(n);
      counts.get(0).increment(0);
      int most = (int) Math.min(order, n + 1);
      for (int k = 1; k <= most; k++) {
        long gram = window % powers[k];
        if (counts.get(k).increment(gram) == 1) {
          followers.get(k - 1).increment(gram / vocabularySize);
        }
      }
    }
    return window;
  }

  /**
   * The count c(h) of a context of k tokens: every time it was seen, but for one at the text's end.
   */
  private int timesFollowed(int k, long context) {
    int seen = counts.get(k).count(context);
    return k > 0 && context == end % powers[k] && seen > 0 ? seen - 1 : seen;
  }

  private int checked(int token) {
    if (token < 0 || token >= vocabularySize) {
      throw new IllegalArgumentException(
          "token (%d) must be in 0..%d; a mask has no probability"
              .formatted(token, vocabularySize - 1));
    }
    return token;
  }
}
