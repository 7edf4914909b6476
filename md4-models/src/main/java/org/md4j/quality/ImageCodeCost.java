package org.md4j.quality;

import java.util.List;
import java.util.stream.Stream;
import org.md4j.core.RowSource;
import org.md4j.data.image.ImageShape;
import org.md4j.likelihood.SampleMean;

/**
 * What held-out images cost by a code that needs no network: what a bound of a network is to be
 * compared with.
 *
 * @param code its name
 * @param bitsPerDimension mean over images, with its standard error and their number
 */
public record ImageCodeCost(String code, SampleMean bitsPerDimension) {
  /** Images a code is fitted to, at most: enough to count values, and quick for large sets. */
  public static final int MOST_LEARNED = 20_000;

  /** Images a code is measured on, at most. */
  public static final int MOST_MEASURED = 10_000;

  /**
   * Measures all codes on the same images: uniform and independent values, PNG with and without its
   * header, a context model.
   *
   * @param training what codes count on, at most {@value #MOST_LEARNED} of them, spread evenly
   * @param heldOut what they are measured on, at most {@value #MOST_MEASURED}, spread evenly
   * @param shape of all images
   */
  public static List<ImageCodeCost> ofAll(RowSource training, RowSource heldOut, ImageShape shape) {
    RowSource learned = training.spread(MOST_LEARNED);
    RowSource measured = heldOut.spread(MOST_MEASURED);
    return Stream.of(
            new UniformCode(),
            HistogramCode.fit(learned, shape.colours(), MOST_LEARNED),
            new PngSize(shape.height(), shape.width(), shape.colours(), true),
            new PngSize(shape.height(), shape.width(), shape.colours(), false),
            ContextCode.fit(learned, shape.width(), shape.colours(), MOST_LEARNED))
        .map(code -> new ImageCodeCost(code.name(), code.bitsPerDimension(measured, MOST_MEASURED)))
        .toList();
  }
}
