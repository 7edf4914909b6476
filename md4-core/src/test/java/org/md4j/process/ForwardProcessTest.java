package org.md4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.md4j.Tolerance.EXACT_DOUBLE;
import static org.md4j.Tolerance.FINITE_DIFFERENCE;
import static org.md4j.golden.GoldenVectors.assertMatches;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.MaskingSchedule;

/** Probabilities of the forward process and of its posterior. */
class ForwardProcessTest {
  private static final double[] TIMES = {0, 1e-3, 0.1, 0.25, 0.5, 0.9, 1};

  static Stream<MaskingSchedule> schedules() {
    return Stream.of(
        MaskingSchedule.linear(),
        MaskingSchedule.cosine(),
        MaskingSchedule.polynomial(2),
        MaskingSchedule.geometric(1e-5, 20),
        MaskingSchedule.reference());
  }

  /** Golden vector {@code posterior/unmask_probability}. */
  @Test
  void posteriorProbabilitiesMatchTheGoldenOnes() {
    String id = "posterior/unmask_probability";
    for (JsonNode row : GoldenVectors.expected(id)) {
      double s = row.get("s").doubleValue();
      double t = row.get("t").doubleValue();
      double epsilon = row.get("eps").doubleValue();
      MaskingSchedule base =
          switch (row.get("schedule").textValue()) {
            case "linear" -> MaskingSchedule.linear();
            case "cosine" -> MaskingSchedule.cosine();
            case "poly2" -> MaskingSchedule.polynomial(2);
            default -> throw new IllegalStateException("unknown schedule in " + row);
          };
      ForwardProcess process = new ForwardProcess(epsilon == 0 ? base : base.clipped(epsilon));

      assertMatches(
          id, "unmask probability of " + row, process.unmaskProbability(s, t), row.get("p_unmask"));
      assertMatches(
          id,
          "stay-masked probability of " + row,
          process.stayMaskedProbability(s, t),
          row.get("p_stay_mask"));
    }
  }

  /** Golden vector {@code posterior/euler_vs_ancestral}: its exact (ancestral) column and rates. */
  @Test
  void ancestralStepsMatchTheGoldenOnes() {
    String id = "posterior/euler_vs_ancestral";
    for (JsonNode row : GoldenVectors.expected(id)) {
      MaskingSchedule schedule =
          row.get("schedule").textValue().equals("linear")
              ? MaskingSchedule.linear()
              : MaskingSchedule.cosine();
      double t = row.get("t").doubleValue();
      double s = t - row.get("dt").doubleValue();

      assertMatches(
          id,
          "unmask probability of " + row,
          new ForwardProcess(schedule).unmaskProbability(s, t),
          row.get("ancestral"));
      assertMatches(id, "rate of " + row, schedule.weight(t), row.get("rate"));
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void posteriorProbabilitiesSumToOne(MaskingSchedule schedule) {
    ForwardProcess process = new ForwardProcess(schedule);
    forEachPair(
        (s, t) ->
            assertThat(process.unmaskProbability(s, t) + process.stayMaskedProbability(s, t))
                .isCloseTo(1, within(EXACT_DOUBLE)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void survivalChainsOverAnIntermediateTime(MaskingSchedule schedule) {
    ForwardProcess process = new ForwardProcess(schedule);

    assertThat(process.survivalProbability(0.1, 0.4) * process.survivalProbability(0.4, 0.8))
        .isCloseTo(process.survivalProbability(0.1, 0.8), within(EXACT_DOUBLE));
    assertThat(process.stayMaskedProbability(0.4, 0.8) * process.stayMaskedProbability(0.1, 0.4))
        .isCloseTo(process.stayMaskedProbability(0.1, 0.8), within(EXACT_DOUBLE));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void survivalIsTheMarginalDividedByTheEarlierMarginal(MaskingSchedule schedule) {
    ForwardProcess process = new ForwardProcess(schedule);
    forEachPair(
        (s, t) ->
            assertThat(process.survivalProbability(s, t) * schedule.alpha(s))
                .isCloseTo(schedule.alpha(t), within(EXACT_DOUBLE)));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void bothRatesAreTheLogProbabilitiesOfAShortStepOverItsLength(MaskingSchedule schedule) {
    ForwardProcess process = new ForwardProcess(schedule);
    double step = 1e-5;
    for (double t : new double[] {0.1, 0.3, 0.6, 0.9}) {
      double masking = -Math.log(process.survivalProbability(t - step, t + step)) / (2 * step);
      double unmasking = -Math.log(process.stayMaskedProbability(t - step, t + step)) / (2 * step);

      assertThat(process.maskingRate(t) / masking).isCloseTo(1, within(FINITE_DIFFERENCE));
      assertThat(schedule.weight(t) / unmasking).isCloseTo(1, within(FINITE_DIFFERENCE));
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void nothingHappensInAStepOfNoLength(MaskingSchedule schedule) {
    ForwardProcess process = new ForwardProcess(schedule);
    for (double t : TIMES) {
      assertThat(process.survivalProbability(t, t)).isEqualTo(1);
      assertThat(process.unmaskProbability(t, t)).isZero();
      assertThat(process.stayMaskedProbability(t, t)).isEqualTo(1);
    }
  }

  @Test
  void everythingIsMaskedOnTheWayToOneAndRevealedOnTheWayToZero() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.cosine());

    assertThat(process.survivalProbability(0.5, 1)).isZero();
    assertThat(process.maskingRate(1)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(process.unmaskProbability(0, 0.5)).isEqualTo(1);
    assertThat(process.stayMaskedProbability(0, 0.5)).isZero();
  }

  @Test
  void posteriorProbabilitiesKeepTheirDigitsNearTheStart() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.polynomial(2));

    assertThat(process.unmaskProbability(1e-9, 2e-9)).isCloseTo(0.75, within(EXACT_DOUBLE));
    assertThat(process.stayMaskedProbability(1e-9, 2e-9)).isCloseTo(0.25, within(EXACT_DOUBLE));
  }

  @Test
  void posteriorProbabilitiesKeepTheirDigitsNearTheEnd() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.cosine());
    double s = 1 - 0x1.0p-20;
    double quadratic = Math.pow(Math.PI / 2 * 0x1.0p-20, 2) / 2;

    assertThat(process.unmaskProbability(s, 1) / quadratic).isCloseTo(1, within(EXACT_DOUBLE));
  }

  @Test
  void rejectsTimesInTheWrongOrder() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.linear());
    String message = "earlier time s (0.6) must not be after t, got t 0.4";

    assertThatThrownBy(() -> process.survivalProbability(0.6, 0.4)).hasMessage(message);
    assertThatThrownBy(() -> process.unmaskProbability(0.6, 0.4)).hasMessage(message);
    assertThatThrownBy(() -> process.stayMaskedProbability(0.6, 0.4)).hasMessage(message);
  }

  @Test
  void rejectsTimesOutsideZeroToOne() {
    ForwardProcess process = new ForwardProcess(MaskingSchedule.linear());

    assertThatThrownBy(() -> process.survivalProbability(-0.1, 0.4))
        .hasMessage("time (-0.1) must be in [0, 1]");
    assertThatThrownBy(() -> process.unmaskProbability(0.4, 1.1))
        .hasMessage("time (1.1) must be in [0, 1]");
    assertThatThrownBy(() -> process.stayMaskedProbability(2, 2))
        .hasMessage("time (2.0) must be in [0, 1]");
    assertThatThrownBy(() -> process.maskingRate(1.1)).hasMessage("time (1.1) must be in [0, 1]");
  }

  private interface Pair {
    void accept(double s, double t);
  }

  private static void forEachPair(Pair pair) {
    for (int i = 0; i < TIMES.length; i++) {
      for (int j = i; j < TIMES.length; j++) {
        pair.accept(TIMES[i], TIMES[j]);
      }
    }
  }
}
