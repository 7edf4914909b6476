package org.md4j.cli.study;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.quality.TextQuality;

/**
 * One row of the study's table.
 *
 * @param sampler its name
 * @param setting what else was chosen, empty if nothing
 * @param grid of its times; null for a sampler without
 * @param steps T; null for a sampler that decides itself how often it asks
 * @param evaluationsPerText how often the network looked at a text, on average
 * @param charactersPerSecond of finished text
 * @param quality of the texts
 */
@JsonNaming(SnakeCaseStrategy.class)
public record StudyRow(
    String sampler,
    String setting,
    @Nullable String grid,
    @Nullable Integer steps,
    double evaluationsPerText,
    double charactersPerSecond,
    @JsonUnwrapped TextQuality quality)
    implements StudyTable.Row {
  /** A case that was measured. */
  static StudyRow of(StudyCase studied, RowDrawer.Drawn drawn, TextQuality quality) {
    return new StudyRow(
        studied.sampler(),
        studied.setting(),
        studied.grid() == null ? null : studied.grid().toString(),
        studied.steps(),
        drawn.evaluationsPerRow(),
        drawn.tokensPerSecond(),
        quality);
  }

  /** What its points are joined under in the plot. */
  String line() {
    return grid == null || steps == null ? sampler : sampler + ", " + grid;
  }

  @Override
  public String toMarkdown() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.1f | %.0f | %s |",
        setting.isEmpty() ? sampler : sampler + ", " + setting,
        grid == null ? "" : grid,
        steps == null ? "" : steps,
        evaluationsPerText,
        charactersPerSecond,
        markdown(quality));
  }

  static String markdown(TextQuality quality) {
    return String.format(
        Locale.ROOT,
        "%.3f ± %.3f | %.3f | %.3f",
        quality.bitsPerCharacter(),
        quality.standardError(),
        quality.unigramEntropy(),
        quality.sixGramEntropy());
  }
}
