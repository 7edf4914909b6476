package org.md4j.cli.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.RowSource;
import org.md4j.quality.ImageFeatures;

class PictureJudgeTest {
  /** Covariances of a few small whole numbers; what is left is rounding. */
  private static final double ROUNDING = 1e-6;

  private static final int COUNT = 100;

  private final RowSource real = new DrawnPictures(1000, 0);
  private final ImageFeatures features = new FirstTokens(3);

  @Test
  void theReferenceItselfIsPerfect() {
    PictureQuality quality =
        PictureJudge.of(features, real, COUNT, COUNT).quality(new SpreadRows(real, COUNT).all());

    assertThat(quality.frechetDistance()).isCloseTo(0, within(ROUNDING));
    assertThat(quality.precision()).isEqualTo(1);
    assertThat(quality.recall()).isEqualTo(1);
  }

  @Test
  void brighterPicturesAreAsFarAsTheyAreBrighter() {
    List<int[]> brighter = new SpreadRows(real, COUNT).all();
    brighter.forEach(picture -> picture[1] += 150);

    PictureQuality quality = PictureJudge.of(features, real, COUNT, COUNT).quality(brighter);

    assertThat(quality.frechetDistance()).isCloseTo(150 * 150, within(1e-4));
    assertThat(quality.precision()).isZero();
    assertThat(quality.recall()).isZero();
  }

  @Test
  void onePictureAgainAndAgainIsPreciseAndRecallsNextToNothing() {
    int[] one = new SpreadRows(real, COUNT).all().get(7);

    PictureQuality quality =
        PictureJudge.of(features, real, COUNT, COUNT).quality(Collections.nCopies(COUNT, one));

    assertThat(quality.precision()).isEqualTo(1);
    assertThat(quality.recall()).isLessThan(0.1);
  }

  @Test
  void distanceIsToAsMuchOfTheReferenceAsItMayBe() {
    assertThat(PictureJudge.of(features, real, 300, COUNT).reference().count()).isEqualTo(300);
    assertThat(PictureJudge.of(features, real, 5000, COUNT).reference().count()).isEqualTo(1000);
    assertThat(PictureJudge.of(features, real, 300, COUNT).reference().provenance().data())
        .isEqualTo(real.name());
  }

  @Test
  void setsOfOtherSizesAreRefused() {
    PictureJudge judge = PictureJudge.of(features, real, COUNT, COUNT);

    assertThatThrownBy(() -> judge.quality(new SpreadRows(real, 50).all()))
        .hasMessageContaining("pictures (50)");
    assertThatThrownBy(() -> PictureJudge.of(features, real, COUNT, 3))
        .hasMessageContaining("count (3)");
    assertThatThrownBy(() -> PictureJudge.of(features, real, COUNT, 1001))
        .hasMessageContaining("count (1001)");
  }
}
