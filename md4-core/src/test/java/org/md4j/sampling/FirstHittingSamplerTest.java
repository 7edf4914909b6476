package org.md4j.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.FixedDenoiser;

class FirstHittingSamplerTest {
  private static final CounterRandom RANDOM = new CounterRandom(3);
  private static final Vocabulary TERNARY = new Vocabulary(3);

  /** {@code sampling/first_hitting}. */
  @Test
  void theNextRevealComesAtTheGoldenTime() {
    String id = "sampling/first_hitting";
    for (JsonNode row : GoldenVectors.expected(id)) {
      double masked =
          FirstHittingSampler.next(
              row.get("t").doubleValue(),
              row.get("n_masked").intValue(),
              row.get("u").doubleValue());

      GoldenVectors.assertMatches(
          id,
          "time of " + row,
          MaskingSchedule.linear().nearestTime(1 - masked),
          row.get("t_next_linear"));
    }
  }

  @Test
  void revealsOneTokenAStepEarlierAndEarlier() {
    MaskingSchedule schedule = MaskingSchedule.cosine();
    SamplingTrace trace = new SamplingTrace();

    SamplingCost cost =
        new FirstHittingSampler(Decoding.of(schedule))
            .sample(
                FixedDenoiser.uniform(3),
                SamplingRequest.of(TokenBatch.allMasked(TERNARY, 1, 9), RANDOM),
                trace)
            .cost();

    assertThat(cost.evaluations()).isEqualTo(9);
    assertThat(cost.positions()).isEqualTo(9);
    double masked = 1;
    for (int i = 0; i < 9; i++) {
      Reveal reveal = trace.reveals().get(i);
      assertThat(reveal.step()).isEqualTo(i + 1);
      masked *= Math.pow(RANDOM.uniforms(Purpose.SAMPLING_TIME, i + 1).at(0, 0), 1.0 / (9 - i));
      assertThat(schedule.oneMinusAlpha(reveal.time()))
          .isCloseTo(masked, within(Tolerance.EXACT_DOUBLE));
    }
  }

  @Test
  void whatIsMaskedWhenTheTimeHasRunOutIsFilledAtOnce() {
    double epsilon = 0.4;
    int rows = 2000;
    SamplingTrace trace = new SamplingTrace();

    new FirstHittingSampler(Decoding.of(MaskingSchedule.linear().clipped(epsilon)))
        .sample(
            FixedDenoiser.of(0.3, 0.3, 0.4),
            SamplingRequest.of(TokenBatch.allMasked(TERNARY, rows, 3), RANDOM),
            trace);

    List<Reveal> left = trace.reveals().stream().filter(reveal -> reveal.step() == 4).toList();
    double share = epsilon / (1 - epsilon);
    assertThat(left.size() / (3.0 * rows))
        .isCloseTo(share, within(Tolerance.SIGMAS * Math.sqrt(share * (1 - share) / (3.0 * rows))));
    assertThat(left).allMatch(reveal -> reveal.token() == 2 && reveal.time() == 0);
  }
}
