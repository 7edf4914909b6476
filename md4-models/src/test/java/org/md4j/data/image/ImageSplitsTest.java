package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.data.DataException;

class ImageSplitsTest {
  @ParameterizedTest
  @CsvSource({"2, 1", "10, 3", "10, 9", "100, 7", "1000, 50"})
  void everyImageIsInExactlyOnePart(int size, int count) {
    ImageSplits splits = ImageSplits.ofCount(new CountedImages(size), count);

    assertThat(splits.valid().size()).isEqualTo(count);
    assertThat(LongStream.concat(numbers(splits.train()), numbers(splits.valid())).sorted())
        .containsExactlyElementsOf(LongStream.range(0, size).boxed().toList());
    assertThat(numbers(splits.train())).isSorted();
    assertThat(numbers(splits.valid())).isSorted();
  }

  @Test
  void setsSortedByClassAreDividedEvenly() {
    ImageSource valid = ImageSplits.of(new CountedImages(1000), 0.05).valid();

    for (int j = 0; j < 50; j++) {
      assertThat(number(valid, j)).isBetween(20L * j, 20L * j + 19);
    }
    // Not every 20th: a set whose classes take turns is divided by chance.
    assertThat(numbers(valid).map(i -> i % 20).distinct().count()).isGreaterThan(5);
  }

  @Test
  void labelsNamesAndHintsGoTheSameWay() {
    CountedImages all = new CountedImages(30);
    ImageSource train = ImageSplits.ofCount(all, 6).train();

    for (int i = 0; i < train.size(); i++) {
      assertThat(train.label(i)).isEqualTo((int) (number(train, i) % 3));
      assertThat(train.imageName(i)).isEqualTo("image " + number(train, i));
    }
    train.prefetch(new long[] {23, 0});
    assertThat(all.hint()).containsExactly(number(train, 23), number(train, 0));
    assertThat(train.name()).isEqualTo("counted, train");
  }

  @Test
  void aSubsetIsInTheOrderAskedFor() {
    ImageSource subset = new CountedImages(30).subset("some", 4, 29, 4);

    assertThat(numbers(subset)).containsExactly(4L, 29L, 4L);
    assertThatThrownBy(() -> number(subset, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> new CountedImages(30).subset("some", 30))
        .hasMessage("index (30) must be in [0, 30)");
  }

  @Test
  void somethingMustBeLeftToTrainOn() {
    assertThatThrownBy(() -> ImageSplits.of(new CountedImages(1), 0.5))
        .isInstanceOf(DataException.class)
        .hasMessage("counted must hold more images than the 1 to validate on, got 1");
    assertThatThrownBy(() -> ImageSplits.of(new CountedImages(9), 1))
        .hasMessage("validShare (1.0) must be in (0, 1)");
    assertThatThrownBy(() -> ImageSplits.ofCount(new CountedImages(9), 0))
        .hasMessage("validImages (0) must be at least 1");
  }

  private static LongStream numbers(ImageSource source) {
    return LongStream.range(0, source.size()).map(i -> number(source, i));
  }

  private static long number(ImageSource source, long index) {
    int[] tokens = TestImages.row(source, index);
    return tokens[0] * 256L + tokens[1];
  }
}
