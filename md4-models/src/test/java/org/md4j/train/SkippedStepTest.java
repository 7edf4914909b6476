package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.schedule.MaskingSchedule;

/** Steps whose loss or gradient is not finite, made by a parameter that is not. */
class SkippedStepTest {
  private static final int LENGTH = 8;
  private static final int POISONED_AFTER = 2;
  private static final TrainerConfig CONFIG = TrainerConfig.builder(8, 6, 0.01).replicas(2).build();

  @TempDir private Path folder;

  @Test
  void parametersStayWhatTheyWereUntilLossesAreFiniteAgain() throws IOException {
    TransformerDenoiser network = network();
    Path lines = folder.resolve("metrics.jsonl");
    Poison poison = new Poison(network, 5);
    try (MetricsFile metrics = new MetricsFile(lines);
        Trainer trainer = trainer(network, CONFIG, metrics, poison)) {
      trainer.train();
    }

    assertThat(poison.skipped).containsExactly(false, false, true, true, true, false, false, false);
    assertThat(poison.parameters.get(4)).containsExactly(poison.parameters.get(1));
    assertThat(poison.parameters.get(5)).isNotEqualTo(poison.parameters.get(4));
    assertThat(Files.readAllLines(lines).get(2))
        .contains("\"step\":3,\"bits_per_token\":null")
        .contains("\"skipped\":true");
    assertThat(Files.readAllLines(lines).get(5)).doesNotContain("skipped");
  }

  @Test
  void tooManyInARowEndTheRunAndNameStepAndLayer() {
    TransformerDenoiser network = network();
    Poison poison = new Poison(network, Integer.MAX_VALUE);
    TrainerConfig config = CONFIG.toBuilder().optimizer(adamW -> adamW.mostSkips(3)).build();
    try (Trainer trainer = trainer(network, config, poison)) {
      TrainingDivergedException diverged =
          catchThrowableOfType(TrainingDivergedException.class, trainer::train);

      assertThat(diverged.step()).isEqualTo(POISONED_AFTER + 4);
      assertThat(diverged)
          .hasMessageStartingWith("training diverged in step 6 after 3 steps left out: bits")
          .hasMessageContaining("gradient norm (NaN, from " + network.parameterName(0) + " on)")
          .hasMessageContaining("lower the learning rate");
      assertThat(trainer.step()).isEqualTo(POISONED_AFTER + 3);
      assertThat(network.parameters().toFloatVector()).containsExactly(poison.parameters.get(1));
    }
  }

  @Test
  void aParameterIsNamedByLayerAndArray() {
    TransformerDenoiser network = network();
    long last = network.parameters().length() - 1;

    assertThat(List.of(network.parameterName(0), network.parameterName(last)))
        .allMatch(name -> name.matches("[a-z0-9-]+\\.\\w+"))
        .doesNotHaveDuplicates();
  }

  private static TransformerDenoiser network() {
    return TransformerDenoiser.create(
        TransformerConfig.builder(27, LENGTH).layers(1).heads(2).headSize(4).build(), 1);
  }

  private static Trainer trainer(
      TransformerDenoiser network, TrainerConfig config, TrainingListener... listeners) {
    return new Trainer(
        network,
        new ContinuousTimeElbo(MaskingSchedule.reference()),
        TestData.training(LENGTH),
        TestData.validation(LENGTH),
        config,
        List.of(listeners));
  }

  /** Makes a parameter not a number after a step, and after a later one what it was. */
  private static final class Poison implements TrainingListener {
    private final TransformerDenoiser network;
    private final int cured;
    private final long place;
    private final List<Boolean> skipped = new ArrayList<>();
    private final List<float[]> parameters = new ArrayList<>();
    private double before;

    Poison(TransformerDenoiser network, int cured) {
      this.network = network;
      this.cured = cured;
      this.place = network.parameters().length() / 2;
    }

    @Override
    public void onStep(StepReport step) {
      skipped.add(step.isSkipped());
      if (step.step() == POISONED_AFTER) {
        before = network.parameters().getDouble(place);
        network.parameters().putScalar(place, Double.NaN);
      }
      parameters.add(network.parameters().toFloatVector());
      if (step.step() == cured) {
        network.parameters().putScalar(place, before);
      }
    }
  }
}
