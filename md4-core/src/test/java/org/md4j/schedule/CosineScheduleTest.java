package org.md4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;

import org.junit.jupiter.api.Test;
import org.md4j.contract.MaskingScheduleContract;

class CosineScheduleTest extends MaskingScheduleContract {
  /** A time so near to 1 that {@code 1 - cos} would have lost all digits of alpha. */
  private static final double ALMOST_ONE = 1 - 0x1.0p-30;

  @Override
  protected MaskingSchedule schedule() {
    return MaskingSchedule.cosine();
  }

  @Test
  void weightIsInfiniteAtTheStartAndZeroAtTheEnd() {
    assertThat(schedule().weight(0)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(schedule().weight(1)).isZero();
  }

  @Test
  void everythingIsVisibleAtTheStart() {
    MaskingSchedule cosine = MaskingSchedule.cosine();

    assertThat(cosine.alpha(0)).isEqualTo(1);
    assertThat(cosine.alpha(1)).isEqualTo(0);
    assertThat(cosine.alpha(Math.nextDown(0.5)))
        .isCloseTo(cosine.alpha(0.5), within(Math.ulp(1.0)));
  }

  @Test
  void alphaKeepsItsDigitsNearTheEnd() {
    double quadratic = Math.pow(Math.PI / 2 * 0x1.0p-30, 2) / 2;

    assertThat(schedule().alpha(ALMOST_ONE) / quadratic).isCloseTo(1, within(EXACT_DOUBLE));
  }

  @Test
  void inverseKeepsItsDigitsNearBothEnds() {
    double early = 0x1.0p-30;

    assertThat(schedule().inverseAlpha(schedule().alpha(ALMOST_ONE)))
        .isCloseTo(ALMOST_ONE, within(EXACT_DOUBLE));
    assertThat(schedule().inverseAlpha(schedule().alpha(early)))
        .isCloseTo(early, within(EXACT_DOUBLE));
  }
}
