package org.md4j.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.md4j.data.Tokenizer;
import org.md4j.likelihood.SampleMean;

/**
 * An autoregressive language model that says how likely drawn texts are: generative perplexity.
 *
 * <p>A judge reads characters and encodes them with its own tokenizer, so that texts of any model
 * can be judged. A text is given as the parts that ends of text divide it into, {@link #parts}; the
 * judge puts its own between them, if it has one. The first token is given to it and costs nothing,
 * as there is nothing before it. A text is judged in pieces of the judge's context, one after
 * another.
 *
 * <p>A low perplexity is cheap: a text that repeats itself has one. It says something beside {@link
 * WordsQuality#textEntropy} and the shares of different n-grams only.
 *
 * <p>Used by one thread at a time.
 */
public interface TextJudge extends AutoCloseable {
  /** The name in reports, which tells it from every other judge. */
  String name();

  /**
   * Judges a text.
   *
   * @param parts of the text, at least one
   * @return of no tokens, if the judge has fewer than two for it
   */
  Judgement judge(List<String> parts);

  /**
   * Divides tokens at ends of text.
   *
   * @param tokenizer of the tokens
   * @param tokens of a text, no masks
   * @return what stands before, between and after ends of text, empty parts among them
   */
  static List<String> parts(Tokenizer tokenizer, int[] tokens) {
    List<String> parts = new ArrayList<>();
    int end = tokenizer.endOfText().orElse(-1);
    int from = 0;
    for (int n = 0; n <= tokens.length; n++) {
      if (n == tokens.length || tokens[n] == end) {
        parts.add(tokenizer.decode(Arrays.copyOfRange(tokens, from, n)));
        from = n + 1;
      }
    }
    return parts;
  }

  /** Frees what the judge holds; by default nothing. */
  @Override
  default void close() {}

  /**
   * What a text costs.
   *
   * @param nats of all tokens but the first of each piece
   * @param tokens how many these are
   */
  record Judgement(double nats, int tokens) {}

  /**
   * Returns the mean over texts of their costs of a token, bits, and its standard error. Two to its
   * power is the generative perplexity. A text of fewer than two tokens of the judge counts for
   * nothing.
   *
   * @param texts parts of each, at least one text that the judge has two tokens for
   */
  default SampleMean bitsPerToken(List<List<String>> texts) {
    return SampleMean.of(
        texts.stream()
            .map(this::judge)
            .filter(judged -> judged.tokens() > 0)
            .mapToDouble(judged -> judged.nats() / (judged.tokens() * Math.log(2)))
            .toArray());
  }
}
