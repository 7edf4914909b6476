package org.md4j.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.md4j.data.DataException;

class PrefetchingImagesTest {
  private static final int SIZE = 1000;

  private final CountedImages images = new CountedImages(SIZE);

  @Test
  void everyImageIsTheSameWhateverWasHintedAt() {
    try (ImageSource ahead = PrefetchingImages.of(images, 64, 3)) {
      for (int round = 0; round < 20; round++) {
        long[] batch = LongStream.range(0, 50).map(i -> i * 7919 % SIZE).toArray();
        ahead.prefetch(batch);
        assertThat(IntStream.range(0, SIZE).parallel())
            .allSatisfy(
                i -> assertThat(TestImages.row(ahead, i)).containsExactly(i / 256, i % 256));
      }
    }
  }

  @Test
  void whatWasHintedAtIsReadOnce() {
    try (ImageSource ahead = PrefetchingImages.of(images, 4, 1)) {
      ahead.prefetch(new long[] {3, 5, 3, 9});
      for (int again = 0; again < 3; again++) {
        for (long index : new long[] {3, 5, 9}) {
          TestImages.row(ahead, index);
          assertThat(images.readings(index)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void theOldestIsForgottenFirst() {
    try (ImageSource ahead = PrefetchingImages.of(images, 3, 1)) {
      ahead.prefetch(new long[] {0, 1, 2});
      LongStream.range(0, 3).forEach(i -> TestImages.row(ahead, i));
      ahead.prefetch(new long[] {0, 7});
      LongStream.of(0, 7, 2, 1).forEach(i -> TestImages.row(ahead, i));

      assertThat(LongStream.of(0, 7, 2, 1).mapToInt(images::readings)).containsExactly(1, 1, 1, 2);
    }
  }

  @Test
  void aHintOfMoreThanIsKeptIsNoFailure() {
    try (ImageSource ahead = PrefetchingImages.of(images, 3, 2)) {
      ahead.prefetch(LongStream.range(0, SIZE).toArray());
      assertThat(TestImages.row(ahead, SIZE - 1)).containsExactly(3, SIZE - 1 - 3 * 256);
    }
  }

  @Test
  void anImageThatCannotBeReadFailsWhereItIsAskedFor() {
    ImageSource broken =
        new CountedImages(SIZE) {
          @Override
          public void row(long index, int[] into) {
            throw new DataException("image " + index + " is gone");
          }
        };
    try (ImageSource ahead = PrefetchingImages.of(broken, 3, 1)) {
      ahead.prefetch(new long[] {4});
      assertThatThrownBy(() -> TestImages.row(ahead, 4))
          .isInstanceOf(DataException.class)
          .hasMessage("image 4 is gone");
    }
  }

  @Test
  void anInterruptedReaderStillGetsItsImage() {
    try (ImageSource ahead = PrefetchingImages.of(images, 3, 1)) {
      ahead.prefetch(new long[] {4});
      Thread.currentThread().interrupt();
      assertThat(TestImages.row(ahead, 4)).containsExactly(0, 4);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aClosedSetTakesNoHints() {
    ImageSource ahead = PrefetchingImages.of(images);
    ahead.close();
    ahead.prefetch(new long[] {4});
    assertThat(images.readings(4)).isZero();
  }
}
