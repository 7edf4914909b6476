package org.md4j.quality;

import java.util.List;
import org.md4j.likelihood.SampleMean;

/**
 * An autoregressive language model that says how likely drawn texts are: generative perplexity.
 *
 * <p>A judge reads characters and encodes them with its own tokenizer, so that texts of any model
 * can be judged. The first token of a text is given to it and costs nothing, as there is nothing
 * before it. A text is judged in pieces of the judge's context, one after another.
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
   * @param text at least two tokens of the judge
   */
  Judgement judge(String text);

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
   * power is the generative perplexity.
   *
   * @param texts at least one
   */
  default SampleMean bitsPerToken(List<String> texts) {
    return SampleMean.of(
        texts.stream()
            .map(this::judge)
            .mapToDouble(judged -> judged.nats() / (judged.tokens() * Math.log(2)))
            .toArray());
  }
}
