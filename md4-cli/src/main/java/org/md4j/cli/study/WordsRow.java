package org.md4j.cli.study;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.draw.RowDrawer;

/**
 * A row of the table of words: how texts were drawn and what is said of them.
 *
 * @param sampler its name
 * @param temperature that divides the logits
 * @param steps T; null for a sampler without
 * @param evaluationsPerText how often the network looked at a text, on average
 * @param tokensPerSecond of finished text
 * @param measure what is said of the texts
 */
@JsonNaming(SnakeCaseStrategy.class)
public record WordsRow(
    String sampler,
    double temperature,
    @Nullable Integer steps,
    double evaluationsPerText,
    double tokensPerSecond,
    @JsonUnwrapped WordsMeasure measure)
    implements StudyTable.Row {
  /** A case that was measured. */
  static WordsRow of(
      StudyCase studied, double temperature, RowDrawer.Drawn drawn, WordsMeasure measure) {
    return new WordsRow(
        studied.sampler(),
        temperature,
        studied.steps(),
        drawn.evaluationsPerRow(),
        drawn.tokensPerSecond(),
        measure);
  }

  /** What its points are joined under in the plot. */
  String line() {
    return steps == null ? sampler : steps + " steps";
  }

  @Override
  public String toMarkdown() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.2f | %.1f | %.0f | %s |",
        sampler,
        steps == null ? "" : steps,
        temperature,
        evaluationsPerText,
        tokensPerSecond,
        measure.toMarkdown());
  }
}
