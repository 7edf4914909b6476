package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.ToyDenoiser;

/** What a trainer is told of an objective, without knowing its type. */
class LearnedObjectiveTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final StateDependentElbo START =
      StateDependentElbo.of(LearnedPolynomialSchedule.of(VOCABULARY, 0.01, -0.5, 0.5, 1.8))
          .withMaskSamples(MaskSamples.SINGLE);

  @Test
  void onlyAScheduleOfEachTokenIsLearnedAndOnlyACommonOneIsCommon() {
    MaskingSchedule schedule = MaskingSchedule.cosine().clipped(1e-4);
    DiscreteTimeElbo discrete = new DiscreteTimeElbo(schedule, 10);

    for (Objective objective :
        List.of(
            new ContinuousTimeElbo(schedule),
            discrete,
            new LogSnrElbo(schedule),
            new MaskCountElbo(schedule),
            new ScoreEntropyElbo(discrete),
            new HybridElbo(discrete, 0.01))) {
      assertThat(objective.commonSchedule()).as("%s", objective).contains(schedule);
      assertThat(objective.learned()).as("%s", objective).isEmpty();
    }
    assertThat(new AutoregressiveLikelihood().commonSchedule()).isEmpty();
    assertThat(new AutoregressiveLikelihood().learned()).isEmpty();
    assertThat(START.commonSchedule()).isEmpty();
    assertThat(START.learned()).contains(START);
  }

  @Test
  void gradientIsTheSumOfThatOfTheLossesAndTheNextStepRemembersThem() {
    StateDependentLoss first = loss(new int[] {0, 1, 2, 1});
    StateDependentLoss second = loss(new int[] {2, 2, 0, 1});
    double[] expected = first.parameterGradient();
    for (int p = 0; p < expected.length; p++) {
      expected[p] += second.parameterGradient()[p];
    }
    LearnedObjective learned = START.learned().orElseThrow();

    assertThat(learned.gradient(List.of(first, second))).containsExactly(expected);
    assertThat(learned.after(List.of(first, second)).objective())
        .isEqualTo(START.withBaseline(START.baseline().after(List.of(first, second))));
  }

  @Test
  void continuesWhatItWasBeforeItLearned() {
    LearnedObjective trained =
        START.withParameters(1, 2, 3).after(List.of(loss(new int[] {0, 1, 2, 1})));

    assertThat(trained.objective()).isNotEqualTo(START);
    assertThat(trained.parameters()).containsExactly(1, 2, 3);
    assertThat(trained.continues(START)).isTrue();
    assertThat(trained.continues(START.withMaskSamples(MaskSamples.PAIR))).isFalse();
    assertThat(
            trained.continues(
                START.withSchedule(LearnedPolynomialSchedule.of(VOCABULARY, 0.02, -0.5, 0.5, 1.8))))
        .isFalse();
    assertThat(
            trained.continues(
                START.withSchedule(LearnedPolynomialSchedule.of(VOCABULARY, 0.01, -0.5))))
        .isFalse();
    assertThat(trained.continues(new AutoregressiveLikelihood())).isFalse();
  }

  @Test
  void lossesOfAnotherObjectiveAreRefused() {
    TrainingLoss foreign = new AutoregressiveLikelihood().trainingLoss(new LogitWorkspace());

    assertThatThrownBy(() -> START.gradient(List.of(foreign)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("losses must be StateDependentLoss");
    assertThatThrownBy(() -> START.after(List.of(foreign)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TokenwiseLoss");
  }

  private static StateDependentLoss loss(int[] row) {
    StateDependentLoss loss = START.trainingLoss(new LogitWorkspace());
    Uniforms uniforms = new CounterRandom(7).uniforms(Purpose.MASK, 0);
    loss.add(
        new GradientRecorder(new ToyDenoiser(VOCABULARY)),
        new TrainingRows(
            Rows.of(TokenBatch.of(VOCABULARY, row)), new double[] {0.6}, uniforms, uniforms),
        0.3);
    return loss;
  }
}
