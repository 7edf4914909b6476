package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.model.TrainableDenoiser;
import org.md4j.models.contract.TrainableDenoiserContract;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.Objective;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network of a user's own, without DL4J: our trainer trains it, keeps it and goes on with it as
 * with ours.
 */
class OwnNetworkTest {
  private static final int LENGTH = 8;
  private static final TimedTableDenoiser.Config NETWORK =
      new TimedTableDenoiser.Config(TestData.training(LENGTH).vocabulary(), LENGTH);
  private static final Objective OBJECTIVE = new ContinuousTimeElbo(MaskingSchedule.reference());
  private static final TrainerConfig CONFIG =
      TrainerConfig.builder(8, 6, 0.05)
          .optimizer(adamW -> adamW.warmupSteps(2).emaRate(0.75))
          .replicas(2)
          .checkpoints(checkpoints -> checkpoints.every(4))
          .build();
  private static final CheckpointTypes TYPES =
      CheckpointTypes.standard().withNetwork("timed-table", TimedTableDenoiser.Config.class);

  @TempDir private Path folder;

  @Nested
  class Contract extends TrainableDenoiserContract {
    @Override
    protected TrainableDenoiser network() {
      return scrambled(new TimedTableDenoiser.Config(new Vocabulary(3), LENGTH));
    }
  }

  @Test
  void aResumedRunIsTheUnbrokenOneToTheBit() {
    Path unbrokenFile = folder.resolve("unbroken");
    TrainableDenoiser unbroken = NETWORK.create(1);
    try (Trainer trainer = trainer(unbroken)) {
      trainer.checkpointTo(unbrokenFile, TYPES);
      trainer.train();
    }
    Path file = folder.resolve("killed");
    TrainingListener killer =
        new TrainingListener() {
          @Override
          public void onStep(StepReport step) {
            if (step.step() == 6) {
              throw new IllegalStateException("killed");
            }
          }
        };
    try (Trainer trainer = trainer(NETWORK.create(1), killer)) {
      trainer.checkpointTo(file, TYPES);
      assertThatThrownBy(trainer::train).hasMessage("killed");
    }

    Checkpoint checkpoint = Checkpoint.read(file, TYPES);
    TrainableDenoiser resumed = scrambled(NETWORK);
    try (Trainer trainer = trainer(resumed)) {
      trainer.checkpointTo(file, TYPES);
      trainer.restore(checkpoint);
      trainer.train();
    }

    assertThat(checkpoint.step()).isEqualTo(4);
    assertThat(checkpoint.network()).isEqualTo(NETWORK);
    assertThat(resumed.parameters().toFloatVector())
        .containsExactly(unbroken.parameters().toFloatVector());
    assertThat(Checkpoint.read(file, TYPES).averagedNetwork().parameters().toFloatVector())
        .containsExactly(Checkpoint.read(unbrokenFile, TYPES).average().toFloatVector());
  }

  @Test
  void aNetworkWithoutANameIsRefusedBeforeTraining() {
    try (Trainer trainer = trainer(NETWORK.create(1))) {
      assertThatThrownBy(() -> trainer.checkpointTo(folder.resolve("checkpoint")))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("network (org.md4j.train.TimedTableDenoiser$Config) must be one of")
          .hasMessageContaining("CheckpointTypes.standard().withNetwork(");
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static Trainer trainer(TrainableDenoiser network, TrainingListener... listeners) {
    return new Trainer(
        network,
        OBJECTIVE,
        TestData.training(LENGTH),
        TestData.validation(LENGTH),
        CONFIG,
        List.of(listeners));
  }

  /** A network with parameters of all sizes. */
  private static TrainableDenoiser scrambled(TimedTableDenoiser.Config config) {
    TrainableDenoiser network = config.create(0);
    Uniforms uniforms = new CounterRandom(2).uniforms(Purpose.INITIALISATION, 1);
    float[] values = new float[(int) network.parameters().length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (uniforms.at(0, i) - 0.5);
    }
    network.parameters().assign(Nd4j.createFromArray(values));
    return network;
  }
}
