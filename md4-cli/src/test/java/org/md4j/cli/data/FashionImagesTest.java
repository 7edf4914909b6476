package org.md4j.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.md4j.data.image.ImageShape;
import org.md4j.data.image.ImageSource;

class FashionImagesTest {
  @Test
  void thePartsAreWholeAndLabelled() {
    try (ImageSource training = FashionImages.training();
        ImageSource validation = FashionImages.validation()) {
      assertThat(training.size()).isEqualTo(8000);
      assertThat(validation.size()).isEqualTo(1000);
      assertThat(training.shape()).isEqualTo(new ImageShape(28, 28, 1));
      assertThat(training.classNames()).hasSize(10).isEqualTo(validation.classNames());
      assertThat(IntStream.range(0, 1000).map(validation::label).distinct().count()).isEqualTo(10);
      assertThat(training.classNames().get(training.label(0))).isEqualTo("Ankle boot");
      int[] picture = new int[28 * 28];
      training.row(0, picture);
      // Mean value of the first published training picture.
      assertThat(Arrays.stream(picture).average()).hasValue(76_247 / 784.0);
    }
  }
}
