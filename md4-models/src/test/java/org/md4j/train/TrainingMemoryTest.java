package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.RowSource;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.diffusion.Model;
import org.md4j.model.GraphDenoiser;
import org.md4j.model.text.Attention;
import org.md4j.model.text.TransformerConfig;
import org.md4j.objective.Objective;

/** Holds the memory that is counted before a training to what the training then holds. */
class TrainingMemoryTest {
  /** What the masks of a dozen steps may differ by from those that were counted. */
  private static final double CHANCE = 0.06;

  private static final TransformerConfig NETWORK =
      TransformerConfig.builder(11, 40).layers(2).heads(2).headSize(8).build();

  private static final TrainerConfig SETTINGS =
      TrainerConfig.builder(12, 8, 1e-3)
          .replicas(1)
          .evaluation(evaluation -> evaluation.every(4).rows(32))
          .build();

  private static final RowSource ROWS = rows();

  private static RowSource rows() {
    int[][] rows = new int[32][NETWORK.length()];
    for (int r = 0; r < rows.length; r++) {
      for (int n = 0; n < rows[r].length; n++) {
        rows[r][n] = (r * 7 + n * n) % 11;
      }
    }
    return RowSource.of("rows", Rows.of(TokenBatch.of(new Vocabulary(11), rows)));
  }

  @ParameterizedTest
  @EnumSource(Model.class)
  void whatIsCountedIsHeld(Model model) {
    TransformerConfig network =
        model == Model.AR ? NETWORK.toBuilder().attention(Attention.CAUSAL).build() : NETWORK;
    Objective objective = model.objective(network.vocabulary());

    long counted = memory(network, objective, SETTINGS).activations();

    assertThat(held(network, objective, SETTINGS) / (double) counted).isCloseTo(1, within(CHANCE));
  }

  @Test
  void aSmallerMicroBatchHoldsLess() {
    Objective objective = Model.MD4.objective(NETWORK.vocabulary());
    TrainerConfig inParts = SETTINGS.toBuilder().accumulation(8).build();

    long counted = memory(NETWORK, objective, inParts).activations();

    assertThat(held(NETWORK, objective, inParts) / (double) counted).isCloseTo(1, within(CHANCE));
    assertThat(counted).isLessThan(memory(NETWORK, objective, SETTINGS).activations() / 4);
  }

  private static long held(TransformerConfig config, Objective objective, TrainerConfig settings) {
    GraphDenoiser network = config.create(1, ComputeBackend.nd4j(Precision.F32));
    try (Trainer trainer = new Trainer(network, objective, ROWS, ROWS, settings, List.of())) {
      trainer.train();
    }
    return network.activationBytes();
  }

  private static TrainingMemory memory(
      TransformerConfig network, Objective objective, TrainerConfig settings) {
    return TrainingMemory.of(network, objective, settings, Precision.F32).orElseThrow();
  }

  @Test
  void everyReplicaHoldsGradientsAndActivations() {
    Objective objective = Model.MD4.objective(NETWORK.vocabulary());
    TrainerConfig two = SETTINGS.toBuilder().batchSize(16).replicas(2).build();

    TrainingMemory single = memory(NETWORK, objective, SETTINGS);
    TrainingMemory twice = memory(NETWORK, objective, two);

    long vector = NETWORK.parameterCount().orElseThrow() * Float.BYTES;
    assertThat(single.parameters()).isEqualTo(vector);
    assertThat(single.gradients()).isEqualTo(vector);
    assertThat(single.optimizer()).isEqualTo(3 * vector);
    assertThat(twice.gradients()).isEqualTo(2 * vector);
    assertThat(twice.optimizer()).isEqualTo(3 * vector);
    assertThat(twice.activations()).isEqualTo(2 * single.activations());
    assertThat(twice.bytes())
        .isEqualTo(
            twice.parameters() + twice.gradients() + twice.optimizer() + twice.activations());
  }

  @Test
  void theReplicasMustBeKnown() {
    TrainerConfig unknown = SETTINGS.toBuilder().replicas(0).build();

    assertThatThrownBy(() -> memory(NETWORK, Model.MD4.objective(NETWORK.vocabulary()), unknown))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("replicas (0) must be set");
  }
}
