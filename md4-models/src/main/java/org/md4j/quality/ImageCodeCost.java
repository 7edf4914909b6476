package org.md4j.quality;

import java.util.List;
import java.util.stream.Stream;
import org.md4j.core.RowSource;
import org.md4j.data.image.ImageShape;
import org.md4j.likelihood.SampleMean;

/**
 * The cost of held-out images by a code that needs no network, which a bound of a network is to be
 * compared with.
 *
 * @param code its name
 * @param bitsPerDimension mean over images, with its standard error and their number
 */
public record ImageCodeCost(String code, SampleMean bitsPerDimension) {
  /**
   * The largest number of images that a code is fitted to: enough to count values, and quick for
   * large sets.
   */
  public static final int MOST_LEARNED = 20_000;

  /** The largest number of images that a code is measured on. */
  public static final int MOST_MEASURED = 10_000;

  /**
   * Measures all codes on the same images: uniform and independent values, PNG with and without its
   * header, a context model.
   *
   * @param training images that codes are fitted to, at most {@value #MOST_LEARNED} of them, spread
   *     evenly
   * @param heldOut images that codes are measured on, at most {@value #MOST_MEASURED}, spread
   *     evenly
   * @param shape shape of all images
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
