package org.md4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.core.Vocabulary;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.LogSnrElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.StateDependentElbo;
import org.md4j.sampling.AutoregressiveSampler;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.StateDependentEventDrivenSampler;
import org.md4j.sampling.StateDependentStepwiseSampler;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.ToldTime;
import org.md4j.schedule.MaskingSchedule;

class FitTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(5);
  private static final MaskingSchedule SCHEDULE = MaskingSchedule.reference();
  private static final TimeGrid GRID = TimeGrid.uniform(7);
  private static final LogitFilter FILTER = LogitFilter.topK(3);

  @ParameterizedTest
  @EnumSource(Model.class)
  void theSamplerIsTheOneOfTheModelsMasks(Model model) {
    Objective objective = model.objective(VOCABULARY);
    Fit fit = new Fit(objective);
    Object expected =
        switch (model) {
          case GENMD4 ->
              new StateDependentEventDrivenSampler(
                  ((StateDependentElbo) objective).schedule(), FILTER, GRID);
          case AR -> new AutoregressiveSampler(FILTER);
          case MD4, MD4_DISCRETE, SEDD, D3PM ->
              EventDrivenSampler.ancestral(
                  Decoding.of(objective.commonSchedule().orElseThrow())
                      .withFilter(FILTER)
                      .withToldTime(ToldTime.OF_VISIBLE_TOKENS),
                  GRID);
        };

    assertThat(fit.sampler(GRID, FILTER, ToldTime.OF_VISIBLE_TOKENS)).isEqualTo(expected);
    assertThat(fit.unmasking())
        .isEqualTo(
            switch (model) {
              case GENMD4 -> Fit.Unmasking.SCHEDULE_OF_EACH_TOKEN;
              case AR -> Fit.Unmasking.LEFT_TO_RIGHT;
              case MD4, MD4_DISCRETE, SEDD, D3PM -> Fit.Unmasking.COMMON_SCHEDULE;
            });
    assertThat(fit.isExact()).isEqualTo(model == Model.AR);
    assertThat(fit.masksOfTrainingRow()).isEqualTo(model == Model.GENMD4 ? 2 : 1);
  }

  @Test
  void onlyASchedulePerTokenIsDrawnFromStepByStepByThis() {
    StateDependentElbo learned =
        (StateDependentElbo) Model.GENMD4.objective(VOCABULARY, MaskSamples.PAIR);

    assertThat(new Fit(learned).stepwiseOfEachToken(GRID, FILTER))
        .isEqualTo(new StateDependentStepwiseSampler(learned.schedule(), FILTER, GRID));
    assertThat(new Fit(learned).scheduleOfEachToken()).contains(learned.schedule());
    Fit common = new Fit(Model.MD4.objective(VOCABULARY));
    assertThat(common.scheduleOfEachToken()).isEmpty();
    assertThatThrownBy(() -> common.stepwiseOfEachToken(GRID, FILTER))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("objective (ContinuousTimeElbo) must have a schedule for each token");
  }

  @Test
  void modelsWithoutACommonScheduleSaySo() {
    for (Model model : new Model[] {Model.GENMD4, Model.AR}) {
      assertThatThrownBy(() -> new Fit(model.objective(VOCABULARY)).commonSchedule())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("must have one masking schedule that all tokens share");
    }
  }

  @Test
  void theBoundIsMeasuredByTimesAndWhereItCanByNumbersOfMasks() {
    ContinuousTimeElbo inTime = new ContinuousTimeElbo(SCHEDULE);
    MaskCountElbo inCounts = new MaskCountElbo(SCHEDULE);
    for (Objective same : new Objective[] {inTime, inCounts, new LogSnrElbo(SCHEDULE)}) {
      assertThat(new Fit(same).inTime()).isEqualTo(inTime);
      assertThat(same.inMaskCounts()).contains(inCounts);
    }
    Fit scores = new Fit(new ScoreEntropyElbo(inCounts));
    assertThat(scores.inTime()).isEqualTo(new ScoreEntropyElbo(inTime));
    assertThat(scores.objective().inMaskCounts()).contains(new ScoreEntropyElbo(inCounts));
    DiscreteTimeElbo steps = new DiscreteTimeElbo(SCHEDULE, 9);
    assertThat(new Fit(steps).inTime()).isEqualTo(steps);
    assertThat(steps.inMaskCounts()).isEmpty();
    assertThat(new Fit(Model.D3PM.objective(VOCABULARY)).inTime())
        .isEqualTo(Model.MD4_DISCRETE.objective(VOCABULARY))
        .isInstanceOf(DiscreteTimeElbo.class);
    assertThat(Model.GENMD4.objective(VOCABULARY).inMaskCounts()).isEmpty();
  }

  @Test
  void protocolsAreSaidInWords() {
    assertThat(new Fit(Model.AR.objective(VOCABULARY)).protocols())
        .map(Fit::describe)
        .containsExactly("exact, from left to right");
    assertThat(new Fit(Model.MD4.objective(VOCABULARY)).protocols())
        .map(Fit::describe)
        .contains(
            "paper, times spread over 32 rows",
            "stratified-time, 4 draws a row",
            "mask-count, numbers of masks spread over 32 rows",
            "mask-count, 1 draw a row")
        .hasSize(10);
    assertThat(Fit.describe(new LikelihoodProtocol(new ContinuousTimeElbo(SCHEDULE), 1, 1)))
        .isEqualTo("stratified-time, 1 draw a row");
  }
}
