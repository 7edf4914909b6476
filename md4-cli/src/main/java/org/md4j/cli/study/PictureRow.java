package org.md4j.cli.study;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Locale;
import java.util.Objects;
import org.md4j.cli.draw.RowDrawer;
import org.md4j.quality.ImageQuality;

/**
 * One row of the table of pictures.
 *
 * @param rule by which tokens are unmasked
 * @param grid of the times
 * @param steps T
 * @param evaluationsPerPicture how often the network looked at a picture, on average
 * @param secondsPerPicture by the clock
 * @param quality of the pictures
 */
@JsonNaming(SnakeCaseStrategy.class)
public record PictureRow(
    String rule,
    String grid,
    int steps,
    double evaluationsPerPicture,
    double secondsPerPicture,
    @JsonUnwrapped ImageQuality quality)
    implements StudyTable.Row {
  /** A case, with a grid, that was measured. */
  static PictureRow of(StudyCase studied, RowDrawer.Drawn drawn, ImageQuality quality) {
    return new PictureRow(
        studied.sampler(),
        Objects.requireNonNull(studied.grid()).toString(),
        Objects.requireNonNull(studied.steps()),
        drawn.evaluationsPerRow(),
        drawn.cost().seconds() / drawn.rows().size(),
        quality);
  }

  /** What its points are joined under in the plot. */
  String line() {
    return rule + ", " + grid;
  }

  @Override
  public String toMarkdown() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %d | %.1f | %.2f | %s |",
        grid,
        rule,
        steps,
        evaluationsPerPicture,
        secondsPerPicture,
        markdown(quality));
  }

  static String markdown(ImageQuality quality) {
    return String.format(
        Locale.ROOT,
        "%.2f | %.3f | %.3f",
        quality.frechetDistance(),
        quality.precision(),
        quality.recall());
  }
}
