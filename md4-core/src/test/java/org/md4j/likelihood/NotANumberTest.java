package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.ToldTime;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.factory.Nd4j;

/** Likelihoods of a network some of whose logits are not numbers. */
class NotANumberTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(2);
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.linear();
  private static final CounterRandom RANDOM = new CounterRandom(1);
  private static final Rows CLEAN =
      Rows.of(TokenBatch.of(VOCABULARY, new int[][] {{0, 1, 1}, {1, 0, 1}}));

  private static final Map<String, Consumer<Denoiser>> MEASUREMENTS =
      Map.of(
          "chain rule", d -> new ChainRule(d, SCHEDULE).inOrder(CLEAN, 2, 0, 1),
          "bracket", d -> EvidenceBracket.of(new ChainRule(d, SCHEDULE), CLEAN, 2, RANDOM),
          "policy",
              d -> new PolicyLikelihood(d, SCHEDULE, UnmaskingPolicy.leftToRight(1)).of(CLEAN),
          "infilling",
              d ->
                  new InfillLikelihood(d, SCHEDULE, 2)
                      .bitsPerBlank(
                          CLEAN, TokenBatch.allMasked(VOCABULARY, 2, 3), ToldTime.OF_STEP, RANDOM));

  static Stream<String> measurements() {
    return MEASUREMENTS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("measurements")
  void areAnErrorInsteadOfANumber(String measurement) {
    Denoiser diverged =
        input -> Nd4j.valueArrayOf(new long[] {input.positions().length, 2}, Double.NaN);

    assertThatThrownBy(() -> MEASUREMENTS.get(measurement).accept(diverged))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("likelihood of row 0 must be a number, got NaN; has training diverged?");
  }
}
