package org.md4j.cli.evaluate;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.md4j.core.RowSource;
import org.md4j.data.image.ImageShape;
import org.md4j.likelihood.SampleMean;
import org.md4j.quality.ImageCodeCost;

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
  /** Measures all codes, on the same pictures. */
  public static List<BaselineResult> of(RowSource training, RowSource heldOut, ImageShape shape) {
    return ImageCodeCost.ofAll(training, heldOut, shape).stream().map(BaselineResult::of).toList();
  }

  private static BaselineResult of(ImageCodeCost cost) {
    SampleMean mean = cost.bitsPerDimension();
    return new BaselineResult(cost.code(), mean.mean(), mean.standardError(), mean.size());
  }
}
