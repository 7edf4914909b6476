package org.md4j.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.objective.MaskCountElbo;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.ToyDenoiser;

class ProtocolChooserTest {
  private static final Vocabulary BINARY = new Vocabulary(2);
  private static final EndlessText TEXT = EndlessText.skewed(BINARY, 3);
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.linear().clipped(0.01);
  private static final Denoiser DENOISER = new ToyDenoiser(BINARY);

  @Test
  void candidatesAreRankedByVariancePerEvaluation() {
    List<LikelihoodProtocol> candidates = ProtocolChooser.candidates(SCHEDULE);

    ProtocolChoice choice = choose(candidates, 4096);

    assertThat(choice.pilots())
        .extracting(LikelihoodEstimate::protocol)
        .containsExactlyInAnyOrderElementsOf(candidates);
    assertThat(choice.pilots()).extracting(LikelihoodEstimate::variancePerEvaluation).isSorted();
    assertThat(choice.protocol()).isEqualTo(choice.pilots().get(0).protocol());
    assertThat(choice.pilots()).allMatch(pilot -> pilot.evaluations() == 4096);
    assertThat(choice.protocol().objective()).isInstanceOf(MaskCountElbo.class);
  }

  @Test
  void aPilotIsTheEstimateOfItsProtocol() {
    LikelihoodProtocol protocol = LikelihoodProtocol.paper(SCHEDULE);

    assertThat(choose(List.of(protocol), 320).pilots())
        .containsExactly(
            new LikelihoodEstimator(DENOISER, TEXT, protocol, new CounterRandom(8)).estimate(320));
  }

  /** Rows of a group are independent: putting them together must not look like a saving. */
  @Test
  void groupsOfRowsAreComparedByWhatTheyCost() {
    LikelihoodProtocol alone = LikelihoodProtocol.maskCount(SCHEDULE, 1);
    LikelihoodProtocol together = new LikelihoodProtocol(alone.objective(), 32, 1);

    ProtocolChoice choice = choose(List.of(alone, together), 8192);

    double least = choice.pilots().get(0).variancePerEvaluation();
    double greatest = choice.pilots().get(1).variancePerEvaluation();
    assertThat(greatest / least).isBetween(1.0, 3.0);
  }

  @Test
  void variancePerEvaluationPredictsTheErrorOfALargerBudget() {
    LikelihoodEstimator estimator =
        new LikelihoodEstimator(
            DENOISER, TEXT, LikelihoodProtocol.maskCount(SCHEDULE, 2), new CounterRandom(8));

    double predicted = Math.sqrt(estimator.estimate(1000).variancePerEvaluation() / 16_000);

    assertThat(estimator.estimate(16_000).standardError())
        .isCloseTo(predicted, within(0.1 * predicted));
  }

  @Test
  void nothingToChooseFromIsRefused() {
    assertThatThrownBy(() -> choose(List.of(), 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
  }

  private static ProtocolChoice choose(List<LikelihoodProtocol> candidates, long evaluations) {
    return new ProtocolChooser(DENOISER, TEXT, new CounterRandom(8))
        .choose(candidates, evaluations);
  }
}
