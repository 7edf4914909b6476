package org.md4j.quality;

import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Judges drawn texts without the network that drew them. Bits a character alone flatter a sampler
 * that repeats itself; the entropies show when it does.
 *
 * @param bitsPerCharacter under a {@link NgramModel}, the mean over texts
 * @param standardError standard error of that mean, from the spread of the texts
 * @param unigramEntropy entropy of the empirical distribution of symbols, bits a symbol
 * @param sixGramEntropy entropy of the empirical distribution of 6-grams within texts, bits a
 *     6-gram; no more than log2 of how many there are, so comparable between equal amounts of text
 *     only
 */
public record TextQuality(
    double bitsPerCharacter, double standardError, double unigramEntropy, double sixGramEntropy) {
  /** The fewest texts that have a spread. */
  public static final int FEWEST_TEXTS = 2;

  /** The length of the shortest text that holds a 6-gram. */
  public static final int SHORTEST_TEXT = 6;

  /**
   * Judges texts of one length.
   *
   * @param vocabularySize V
   * @param texts tokens in {@code 0 .. V-1}; at least two texts of at least six tokens
   */
  public static TextQuality of(NgramModel model, int vocabularySize, List<int[]> texts) {
    if (texts.size() < FEWEST_TEXTS || texts.get(0).length < SHORTEST_TEXT) {
      throw new IllegalArgumentException(
          "texts must be at least %d of at least %d tokens, got %d of %d"
              .formatted(
                  FEWEST_TEXTS,
                  SHORTEST_TEXT,
                  texts.size(),
                  texts.isEmpty() ? 0 : texts.get(0).length));
    }
    double[] bits = texts.stream().mapToDouble(model::bitsPerToken).toArray();
    return new TextQuality(
        StatUtils.mean(bits),
        Math.sqrt(StatUtils.variance(bits) / bits.length),
        GramCounts.of(vocabularySize, texts, 1).entropyBits(),
        GramCounts.of(vocabularySize, texts, SHORTEST_TEXT).entropyBits());
  }
}
