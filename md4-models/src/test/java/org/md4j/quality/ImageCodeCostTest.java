package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.data.image.ImageShape;

class ImageCodeCostTest {
  private static final int HELD_OUT = 20;

  @Test
  void allCodesAreMeasuredOnTheSameImagesAndUniformValuesCostEightBits() {
    List<ImageCodeCost> costs =
        ImageCodeCost.ofAll(
            new NoiseImages(50, 0), new NoiseImages(HELD_OUT, 1), new ImageShape(4, 4, 1));

    assertThat(costs).extracting(ImageCodeCost::code).doesNotHaveDuplicates().hasSize(5);
    assertThat(costs).allMatch(cost -> cost.bitsPerDimension().size() == HELD_OUT);
    assertThat(costs.get(0).bitsPerDimension().mean()).isEqualTo(8);
  }
}
