package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ToyDenoiser;

class RemaskingSamplerTest {
  private static final Vocabulary TERNARY = new Vocabulary(3);

  /** {@code extension/remask}. */
  @Test
  void probabilitiesMatchTheGoldenOnes() {
    String id = "extension/remask";
    MaskingSchedule schedule = MaskingSchedule.linear();
    for (JsonNode row : GoldenVectors.expected(id)) {
      double s = row.get("s").doubleValue();
      double t = row.get("t").doubleValue();
      double most = RemaskingSampler.step(schedule, s, t, 1).remask();
      GoldenVectors.assertMatches(id, "greatest sigma", most, row.get("sigma_max"));

      Transition step =
          RemaskingSampler.step(schedule, s, t, row.get("sigma").doubleValue() / most);

      assertThat(step.time()).isEqualTo(t);
      GoldenVectors.assertMatches(id, "remask", step.remask(), row.get("remask_prob_unmasked"));
      GoldenVectors.assertMatches(id, "unmask", step.unmask(), row.get("unmask_prob_masked"));
      GoldenVectors.assertMatches(id, "stay", 1 - step.unmask(), row.get("stay_mask"));
      GoldenVectors.assertMatches(
          id,
          "marginal",
          schedule.alpha(t) * (1 - step.remask()) + schedule.oneMinusAlpha(t) * step.unmask(),
          row.get("marginal_unmasked"));
    }
  }

  static Stream<MaskingSchedule> schedules() {
    return Stream.of(
        MaskingSchedule.linear(),
        MaskingSchedule.cosine(),
        MaskingSchedule.polynomial(3),
        MaskingSchedule.geometric(1e-5, 20),
        MaskingSchedule.reference());
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void theShareOfMasksIsThatOfTheSchedule(MaskingSchedule schedule) {
    for (double t : new double[] {1, 0.999, 0.7, 0.3, 0.01}) {
      for (double s : new double[] {0.99 * t, 0.5 * t, 0.001 * t, 0}) {
        for (double strength : new double[] {0, 0.3, 1}) {
          Transition step = RemaskingSampler.step(schedule, s, t, strength);

          assertThat(step.unmask()).isBetween(0.0, 1.0);
          assertThat(step.remask()).isBetween(0.0, strength);
          assertThat(
                  schedule.oneMinusAlpha(t) * (1 - step.unmask())
                      + schedule.alpha(t) * step.remask())
              .isCloseTo(schedule.oneMinusAlpha(s), within(Tolerance.EXACT_DOUBLE));
        }
      }
    }
  }

  @Test
  void fromMasksOnlyEverythingMayBeMaskedAgain() {
    Transition step = RemaskingSampler.step(MaskingSchedule.linear(), 0.6, 1, 0.5);

    assertThat(step.remask()).isEqualTo(0.5);
    assertThat(step.unmask()).isCloseTo(0.4, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void oneStepRevealsEverything() {
    SamplingTrace trace = new SamplingTrace();

    new RemaskingSampler(Decoding.of(MaskingSchedule.linear()), 1, TimeGrid.uniform(1))
        .sample(
            new ToyDenoiser(TERNARY),
            SamplingRequest.of(TokenBatch.allMasked(TERNARY, 3, 5), new CounterRandom(2)),
            trace);

    assertThat(trace.reveals()).hasSize(15).allMatch(reveal -> reveal.step() == 1);
    assertThat(trace.remasks()).isEmpty();
  }

  /** The same numbers decide, so what is asked for less must come out the same. */
  @Test
  void withoutStrengthItIsTheStepwiseSamplerToTheBit() {
    Decoding decoding = Decoding.of(MaskingSchedule.cosine().clipped(0.1));
    SamplingRequest request =
        SamplingRequest.of(TokenBatch.allMasked(TERNARY, 50, 4), new CounterRandom(9));
    TimeGrid grid = TimeGrid.uniform(12);
    ToyDenoiser toy = new ToyDenoiser(TERNARY, t -> 3 * t);

    SamplingResult remasked = new RemaskingSampler(decoding, 0, grid).sample(toy, request);
    SamplingResult stepwise =
        new StepwiseSampler(decoding, UnmaskingRule.ANCESTRAL, grid).sample(toy, request);

    assertThat(remasked.tokens()).isEqualTo(stepwise.tokens());
    assertThat(remasked.cost().positions()).isEqualTo(200);
    assertThat(stepwise.cost().positions()).isGreaterThan(400);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void rejectsAStrengthThatIsNoShare(double strength) {
    Decoding decoding = Decoding.of(MaskingSchedule.linear());

    assertThatThrownBy(() -> new RemaskingSampler(decoding, strength, TimeGrid.uniform(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("strength (" + strength + ") must be in [0, 1]");
  }
}
