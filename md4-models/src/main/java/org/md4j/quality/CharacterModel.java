package org.md4j.quality;

import org.md4j.data.TokenSequence;

/**
 * Judges drawn texts by an n-gram model, which shares nothing with the network that drew them, with
 * interpolated Witten-Bell smoothing down to the uniform distribution.
 *
 * <pre>
 *   p_k(w | h) = (c(h w) + d(h) p_{k-1}(w | h')) / (c(h) + d(h)),    p_{-1}(w) = 1 / V
 *
 *   h     the k symbols before w, h' without the oldest of them
 *   c(hw) how often w came after h in the text counted;  c(h) = sum over w of c(h w)
 *   d(h)  how many different symbols came after h
 * </pre>
 *
 * <p>A context that was never followed by anything leaves p_{k-1} as it is. Order n means n-grams:
 * a symbol is predicted from the n-1 before it, and at the beginning of a text from as many as
 * there are, so that the probabilities of all texts of a length sum to one.
 *
 * <p>Immutable and safe for use by many threads. With V = 27 and order 6 it takes 90 MB and 8 bytes
 * for each slot of a hash table of 6-grams at most half full.
 *
 * <p>Source: Witten and Bell, "The zero-frequency problem", IEEE Transactions on Information Theory
 * 37(4), 1991, their method C, in its interpolated form.
 */
public final class CharacterModel {
  /** The usual order: 6-grams, a symbol from the 5 before it. */
  public static final int ORDER = 6;

  private final int vocabularySize;
  private final int order;
  private final int[] powers; // V^k, [order + 1]
  private final int[][] counts; // counts[k]: of each k-gram, [V^k], k in 0 .. order - 1
  private final short[][] followers; // followers[k]: d(h) of each context of k, [V^k]
  private final GramCounts longest;
  private final int end; // The text's last symbols as a number; its low digits are no context.

  private CharacterModel(int vocabularySize, int order, TokenSequence text) {
    this.vocabularySize = vocabularySize;
    this.order = order;
    powers = new int[order + 1];
    powers[0] = 1;
    counts = new int[order][];
    followers = new short[order][];
    for (int k = 0; k < order; k++) {
      powers[k + 1] = powers[k] * vocabularySize;
      counts[k] = new int[powers[k]];
      followers[k] = new short[powers[k]];
    }
    longest = new GramCounts();
    counts[0][0] = (int) text.length();
    end = read(text);
  }

  /** Returns a model of a text, of the usual order, {@value #ORDER}. */
  public static CharacterModel of(TokenSequence text) {
    return of(text, ORDER);
  }

  /**
   * Returns a model of a text.
   *
   * @param text what is counted; at least one symbol and fewer than 2^31
   * @param order order of the model, at least 1, with V^order below 2^31
   */
  public static CharacterModel of(TokenSequence text, int order) {
    int size = text.vocabulary().size();
    if (order < 1 || Math.pow(size, order) >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "order (%d) must be at least 1 and V^order below 2^31, got V = %d"
              .formatted(order, size));
    }
    if (text.length() < 1 || text.length() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "text must hold at least one symbol and fewer than 2^31, got " + text.length());
    }
    return new CharacterModel(size, order, text);
  }

  /** The order n: a symbol is predicted from the n-1 before it. */
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
    int window = 0;
    for (int i = position - longestContext; i <= position; i++) {
      window = window * vocabularySize + checked(tokens[i]);
    }
    double probability = 1.0 / vocabularySize;
    for (int k = 0; k <= longestContext; k++) {
      int gram = window % powers[k + 1];
      int context = gram / vocabularySize;
      int all = timesFollowed(k, context);
      if (all == 0) {
        break; // Then no longer context was followed by anything either.
      }
      int different = followers[k][context];
      probability = (count(k + 1, gram) + different * probability) / (all + different);
    }
    return probability;
  }

  /**
   * Returns the mean of {@code -log2 p} over the symbols of a text: bits a character.
   *
   * @param tokens symbols of the text, at least one, values in {@code 0 .. V-1}
   */
  public double bitsPerCharacter(int[] tokens) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("tokens must hold at least one token, got none");
    }
    double nats = 0;
    for (int n = 0; n < tokens.length; n++) {
      nats -= Math.log(probability(tokens, n));
    }
    return nats / (tokens.length * Math.log(2));
  }

  private int read(TokenSequence text) {
    int window = 0;
    for (long n = 0; n < text.length(); n++) {
      window = window % powers[order - 1] * vocabularySize + text.token(n);
      int most = (int) Math.min(order, n + 1);
      for (int k = 1; k <= most; k++) {
        int gram = window % powers[k];
        int times = k < order ? ++counts[k][gram] : longest.increment(gram);
        if (times == 1) {
          followers[k - 1][gram / vocabularySize]++;
        }
      }
    }
    return window;
  }

  private int count(int k, int gram) {
    return k < order ? counts[k][gram] : longest.count(gram);
  }

  /**
   * The count c(h) of a context of k symbols: every time it was seen, but for one at the text's
   * end.
   */
  private int timesFollowed(int k, int context) {
    int seen = counts[k][context];
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
