package org.md4j.cli.evaluate;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.stream.Stream;
import org.md4j.core.RowSource;
import org.md4j.data.image.ImageShape;
import org.md4j.likelihood.SampleMean;
import org.md4j.quality.ContextCode;
import org.md4j.quality.HistogramCode;
import org.md4j.quality.ImageCode;
import org.md4j.quality.PngSize;
import org.md4j.quality.UniformCode;

/**
 * What held-out pictures cost without a network.
 *
 * @param name of the code
 * @param bitsPerDimension mean over pictures
 * @param standardError of it
 * @param pictures measured
 */
@JsonNaming(SnakeCaseStrategy.class)
public record BaselineResult(
    String name, double bitsPerDimension, double standardError, long pictures) {
  /** Enough to count values, and quick for sets of a million pictures too. */
  private static final int MOST_LEARNED = 20_000;

  private static final int MOST_MEASURED = 10_000;

  /**
   * Measures all codes, on the same pictures.
   *
   * @param training what codes count on, at most {@value #MOST_LEARNED} of them spread evenly
   * @param heldOut what they are measured on, at most {@value #MOST_MEASURED} spread evenly
   */
  public static List<BaselineResult> of(RowSource training, RowSource heldOut, ImageShape shape) {
    RowSource learned = training.spread(MOST_LEARNED);
    RowSource measured = heldOut.spread(MOST_MEASURED);
    return Stream.of(
            new UniformCode(),
            HistogramCode.fit(learned, shape.colours(), MOST_LEARNED),
            new PngSize(shape.height(), shape.width(), shape.colours(), true),
            new PngSize(shape.height(), shape.width(), shape.colours(), false),
            ContextCode.fit(learned, shape.width(), shape.colours(), MOST_LEARNED))
        .map(code -> of(code, measured))
        .toList();
  }

  private static BaselineResult of(ImageCode code, RowSource measured) {
    SampleMean mean = code.bitsPerDimension(measured, MOST_MEASURED);
    return new BaselineResult(code.name(), mean.mean(), mean.standardError(), mean.size());
  }
}
