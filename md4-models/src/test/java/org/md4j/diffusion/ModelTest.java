package org.md4j.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.core.Vocabulary;
import org.md4j.objective.MaskSamples;
import org.md4j.objective.TrainingNoise;
import org.md4j.objective.TrainingWeight;
import org.md4j.process.TimeLaw;
import org.md4j.train.TrainerConfig;

class ModelTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(3);

  @ParameterizedTest
  @EnumSource(Model.class)
  void aModelIsFoundByItsName(Model model) {
    assertThat(Model.named(model.toString())).isEqualTo(model);
  }

  @Test
  void anotherNameIsRefused() {
    assertThatThrownBy(() -> Model.named("MD4"))
        .hasMessage("model (MD4) must be one of [md4, md4-discrete, genmd4, sedd, d3pm, ar]");
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void settingsWithAnyNoiseAreMadeToFit(Model model) {
    TrainerConfig any =
        TrainerConfig.builder(1, 1, 1e-3)
            .noise(
                noise ->
                    noise
                        .withTimes(TimeLaw.power(1))
                        .withWeight(TrainingWeight.capped(5))
                        .withMaskCounts(true))
            .build();

    TrainingNoise fitting = model.trainer(any).noise();

    model.objective(VOCABULARY).requireFits(fitting);
    assertThat(fitting.maskCounts()).isEqualTo(model == Model.MD4 || model == Model.SEDD);
    assertThat(fitting.times()).isEqualTo(model == Model.AR ? TimeLaw.uniform() : TimeLaw.power(1));
    boolean weighed = model == Model.MD4 || model == Model.MD4_DISCRETE || model == Model.SEDD;
    assertThat(fitting.weight())
        .isEqualTo(weighed ? TrainingWeight.capped(5) : TrainingWeight.bound());
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void onlyALearnedScheduleHasMasksOfATrainingRowToChoose(Model model) {
    Fit own = new Fit(model.objective(VOCABULARY));
    Fit single = new Fit(model.objective(VOCABULARY, MaskSamples.SINGLE));

    assertThat(single.masksOfTrainingRow()).isEqualTo(1);
    assertThat(own.masksOfTrainingRow()).isEqualTo(model == Model.GENMD4 ? 2 : 1);
    assertThat(own.scheduleOfEachToken().isPresent()).isEqualTo(model == Model.GENMD4);
  }
}
