package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.md4j.core.RowSource;
import org.md4j.core.TokenBatch;

class ImageJudgeTest {
  /** Covariances of a few small whole numbers; what is left is rounding. */
  private static final double ROUNDING = 1e-6;

  private static final int COUNT = 100;

  private final RowSource real = new NoiseImages(1000, 0);
  private final ImageFeatures features = new FirstTokens(3);

  @Test
  void theReferenceItselfIsPerfect() {
    ImageQuality quality =
        ImageJudge.of(features, real, COUNT, COUNT).quality(images(real.spread(COUNT)));

    assertThat(quality.frechetDistance()).isCloseTo(0, within(ROUNDING));
    assertThat(quality.precision()).isEqualTo(1);
    assertThat(quality.recall()).isEqualTo(1);
  }

  @Test
  void brighterImagesAreAsFarAsTheyAreBrighter() {
    List<int[]> brighter = images(real.spread(COUNT));
    brighter.forEach(image -> image[1] += 150);

    ImageQuality quality = ImageJudge.of(features, real, COUNT, COUNT).quality(brighter);

    assertThat(quality.frechetDistance()).isCloseTo(150 * 150, within(1e-4));
    assertThat(quality.precision()).isZero();
    assertThat(quality.recall()).isZero();
  }

  @Test
  void oneImageAgainAndAgainIsPreciseAndRecallsNextToNothing() {
    int[] one = images(real.spread(COUNT)).get(7);

    ImageQuality quality =
        ImageJudge.of(features, real, COUNT, COUNT).quality(Collections.nCopies(COUNT, one));

    assertThat(quality.precision()).isEqualTo(1);
    assertThat(quality.recall()).isLessThan(0.1);
  }

  @Test
  void distanceIsToAsMuchOfTheReferenceAsItMayBe() {
    assertThat(ImageJudge.of(features, real, 300, COUNT).reference().count()).isEqualTo(300);
    assertThat(ImageJudge.of(features, real, 5000, COUNT).reference().count()).isEqualTo(1000);
    assertThat(ImageJudge.of(features, real, 300, COUNT).reference().provenance().data())
        .isEqualTo(real.name());
  }

  @Test
  void setsOfOtherSizesAreRefused() {
    ImageJudge judge = ImageJudge.of(features, real, COUNT, COUNT);

    assertThatThrownBy(() -> judge.quality(images(real.spread(50))))
        .hasMessageContaining("images (50)");
    assertThatThrownBy(() -> ImageJudge.of(features, real, COUNT, 3))
        .hasMessageContaining("count (3)");
    assertThatThrownBy(() -> ImageJudge.of(features, real, COUNT, 1001))
        .hasMessageContaining("count (1001)");
  }

  private static List<int[]> images(RowSource source) {
    TokenBatch all = source.rows(LongStream.range(0, source.size()).toArray()).tokens();
    return IntStream.range(0, all.rows()).mapToObj(all::row).collect(Collectors.toList());
  }
}
