package org.md4j.quality;

import java.util.List;
import org.md4j.likelihood.SampleMean;

/**
 * How varied texts of words are: what a {@link TextJudge} does not see.
 *
 * @param textEntropy entropy of the distribution of the tokens of a text, bits, mean over texts; at
 *     most log2 of the tokens of a text, so comparable between texts of one length only
 * @param distinctPairs share of the pairs of neighbouring tokens of all texts that are different
 *     from each other, in (0, 1]; comparable between equal amounts of text only
 * @param distinctTriples the same of three tokens
 * @param knownWords share of words that occur in the training text, in [0, 1]; not a number if
 *     there was no word
 */
public record WordsQuality(
    SampleMean textEntropy, double distinctPairs, double distinctTriples, double knownWords) {
  private static final int PAIR = 2;
  private static final int TRIPLE = 3;

  /**
   * Looks at texts.
   *
   * @param vocabularySize V
   * @param texts tokens in {@code 0 .. V-1}, at least one text of three tokens
   * @param knownWords the share of words of the same texts that are known
   */
  public static WordsQuality of(
      int vocabularySize, List<int[]> texts, KnownWords.Share knownWords) {
    if (texts.isEmpty() || texts.stream().anyMatch(text -> text.length < TRIPLE)) {
      throw new IllegalArgumentException(
          "texts must be at least one, of at least %d tokens each, got %d"
              .formatted(TRIPLE, texts.size()));
    }
    double[] entropies =
        texts.stream()
            .mapToDouble(text -> GramCounts.of(vocabularySize, List.of(text), 1).entropyBits())
            .toArray();
    return new WordsQuality(
        SampleMean.of(entropies),
        distinct(vocabularySize, texts, PAIR),
        distinct(vocabularySize, texts, TRIPLE),
        knownWords.value());
  }

  private static double distinct(int vocabularySize, List<int[]> texts, int n) {
    long all = texts.stream().mapToLong(text -> text.length - n + 1).sum();
    return (double) GramCounts.of(vocabularySize, texts, n).distinct() / all;
  }
}
