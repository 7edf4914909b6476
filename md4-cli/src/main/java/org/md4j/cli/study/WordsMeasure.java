package org.md4j.cli.study;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Locale;
import org.md4j.likelihood.SampleMean;
import org.md4j.quality.WordsQuality;

/**
 * What is said of some texts, never one number alone.
 *
 * @param bitsPerToken under each judge, its own tokens
 * @param variety what judges do not see
 */
@JsonNaming(SnakeCaseStrategy.class)
public record WordsMeasure(List<SampleMean> bitsPerToken, WordsQuality variety) {
  /** Takes the costs as they are now. */
  public WordsMeasure {
    bitsPerToken = List.copyOf(bitsPerToken);
  }

  /** The cells of a table. */
  String toMarkdown() {
    StringBuilder cells = new StringBuilder();
    for (SampleMean bits : bitsPerToken) {
      double perplexity = Math.pow(2, bits.mean());
      cells.append(
          String.format(
              Locale.ROOT,
              "%.1f ± %.1f | ",
              perplexity,
              perplexity * Math.log(2) * bits.standardError()));
    }
    return cells
        .append(
            String.format(
                Locale.ROOT,
                "%.3f ± %.3f | %.3f | %.3f | %.0f %%",
                variety.textEntropy().mean(),
                variety.textEntropy().standardError(),
                variety.distinctPairs(),
                variety.distinctTriples(),
                100 * variety.knownWords()))
        .toString();
  }
}
