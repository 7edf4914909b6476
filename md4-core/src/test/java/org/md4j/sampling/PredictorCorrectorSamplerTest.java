package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ToyDenoiser;

class PredictorCorrectorSamplerTest {
  private static final Vocabulary TERNARY = new Vocabulary(3);
  private static final Decoding DECODING = Decoding.of(MaskingSchedule.linear());

  static Stream<MaskingSchedule> schedules() {
    return Stream.of(
        MaskingSchedule.linear(), MaskingSchedule.cosine(), MaskingSchedule.reference());
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void aCorrectionOfAnySizeKeepsTheShareOfMasks(MaskingSchedule schedule) {
    for (double s : new double[] {1e-3, 0.2, 0.5, 0.999}) {
      for (double size : new double[] {0, 1e-6, 0.1, 5}) {
        Transition step = PredictorCorrectorSampler.correction(schedule, s, size);

        assertThat(step.time()).isEqualTo(s);
        assertThat(
                schedule.oneMinusAlpha(s) * (1 - step.unmask()) + schedule.alpha(s) * step.remask())
            .isCloseTo(schedule.oneMinusAlpha(s), within(Tolerance.EXACT_DOUBLE));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void aSmallCorrectionMovesAtTheRatesOfBothProcesses(MaskingSchedule schedule) {
    double size = 1e-9;
    for (double s : new double[] {0.1, 0.5, 0.9}) {
      Transition step = PredictorCorrectorSampler.correction(schedule, s, size);

      assertThat(step.remask() / size / new ForwardProcess(schedule).maskingRate(s))
          .isCloseTo(1, within(1e-6));
      assertThat(step.unmask() / size / schedule.weight(s)).isCloseTo(1, within(1e-6));
    }
  }

  /** Two states, masked and not: sizes add up as times of a process do. */
  @ParameterizedTest
  @MethodSource("schedules")
  void twoCorrectionsAreOneOfTheirSizesTogether(MaskingSchedule schedule) {
    Transition first = PredictorCorrectorSampler.correction(schedule, 0.4, 0.07);
    Transition second = PredictorCorrectorSampler.correction(schedule, 0.4, 0.2);
    Transition both = PredictorCorrectorSampler.correction(schedule, 0.4, 0.27);

    assertThat(first.unmask() * (1 - second.remask()) + (1 - first.unmask()) * second.unmask())
        .isCloseTo(both.unmask(), within(Tolerance.EXACT_DOUBLE));
    assertThat(first.remask() * (1 - second.unmask()) + (1 - first.remask()) * second.remask())
        .isCloseTo(both.remask(), within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void correctionsHaveNumbersAndTheTimeOfTheirOwn() {
    int corrections = 2;
    TimeGrid grid = TimeGrid.uniform(4);
    SamplingTrace trace = new SamplingTrace();

    new PredictorCorrectorSampler(DECODING, grid, corrections, 0.3)
        .sample(
            new ToyDenoiser(TERNARY),
            SamplingRequest.of(TokenBatch.allMasked(TERNARY, 300, 4), new CounterRandom(5)),
            trace);

    assertThat(trace.reveals()).extracting(Reveal::step).contains(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(trace.reveals())
        .allSatisfy(
            reveal -> {
              int predictor = (reveal.step() - 1) / 3;
              boolean correction = (reveal.step() - 1) % 3 > 0;
              assertThat(reveal.step()).isLessThanOrEqualTo(10);
              assertThat(reveal.time()).isEqualTo(grid.time(predictor + (correction ? 1 : 0)));
            });
    assertThat(trace.remasks())
        .isNotEmpty()
        .allSatisfy(remask -> assertThat((remask.step() - 1) % 3).isPositive());
  }

  @Test
  void withoutCorrectionsItIsTheStepwiseSamplerToTheBit() {
    SamplingRequest request =
        SamplingRequest.of(TokenBatch.allMasked(TERNARY, 50, 4), new CounterRandom(9));
    TimeGrid grid = TimeGrid.cosine(12);
    ToyDenoiser toy = new ToyDenoiser(TERNARY, t -> 3 * t);

    assertThat(new PredictorCorrectorSampler(DECODING, grid, 0, 1).sample(toy, request).tokens())
        .isEqualTo(
            new StepwiseSampler(DECODING, UnmaskingRule.ANCESTRAL, grid)
                .sample(toy, request)
                .tokens());
  }

  @Test
  void rejectsWhatCannotBe() {
    TimeGrid grid = TimeGrid.uniform(2);

    assertThatThrownBy(() -> new PredictorCorrectorSampler(DECODING, grid, -1, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("corrections (-1) must be at least 0");
    assertThatThrownBy(() -> new PredictorCorrectorSampler(DECODING, grid, 1, -0.1))
        .hasMessage("size (-0.1) must be at least 0 and finite");
    assertThatThrownBy(
            () -> new PredictorCorrectorSampler(DECODING, grid, 1, Double.POSITIVE_INFINITY))
        .hasMessage("size (Infinity) must be at least 0 and finite");
    assertThatThrownBy(() -> new PredictorCorrectorSampler(DECODING, grid, 1, Double.NaN))
        .hasMessage("size (NaN) must be at least 0 and finite");
  }
}
