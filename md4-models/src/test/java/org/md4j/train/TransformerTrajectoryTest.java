package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.MaskedCrossEntropy;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Network, loss, gradients and optimiser together, against PyTorch: from the same weights and
 * batches, six steps of AdamW have the same losses. {@code golden/pytorch_trajectory.py} made the
 * expected values; weights and batches are its formulas.
 */
class TransformerTrajectoryTest {
  /** Six steps in double; each library rounds sums of some thousand terms in its own order. */
  private static final double TRAJECTORY = 1e-9;

  private static final int BATCH = 4;
  private static final int LENGTH = 12;
  private static final int VOCABULARY = 27;

  private final TransformerDenoiser network =
      TransformerDenoiser.create(
          TransformerConfig.builder(VOCABULARY, LENGTH).layers(2).heads(2).headSize(8).build(),
          0,
          DataType.DOUBLE);
  private final ContinuousTimeElbo objective = new ContinuousTimeElbo(MaskingSchedule.reference());

  @Test
  void lossesOfSixStepsArePyTorchs() throws IOException {
    JsonNode golden = golden();
    int count = golden.get("parameters").intValue();
    assertThat(network.parameters().length()).isEqualTo(count);
    double[] weights = new double[count];
    Arrays.setAll(weights, i -> 0.3 * Math.sin(1.7 * i + 0.2));
    network.parameters().assign(Nd4j.createFromArray(weights));
    AdamWUpdater optimizer =
        AdamW.of(2e-3, 0.03).instantiate(Nd4j.zeros(DataType.DOUBLE, 1, 2L * count), true);

    for (int step = 0; step < golden.get("losses").size(); step++) {
      double loss = backward(batch(step));
      assertThat(loss)
          .as("loss of step %d", step)
          .isCloseTo(golden.get("losses").get(step).doubleValue(), within(TRAJECTORY));
      INDArray update = network.gradients();
      optimizer.applyUpdater(update, step, 0);
      optimizer.decayInPlace(network.parameters(), step, 0);
      network.parameters().subi(update);
    }
  }

  /** The loss in bits a token, without the constant terms; leaves its gradient in the network. */
  private double backward(NoisedBatch batch) {
    double scale = 1 / (BATCH * LENGTH * Math.log(2));
    double[] rowWeights = objective.weights(batch);
    int[] positions = batch.maskedPositions();
    double[] weights = new double[positions.length];
    Arrays.setAll(weights, i -> rowWeights[batch.rowOf(positions[i])] * scale);
    INDArray logits =
        network.forwardForTraining(
            new DenoiserInput(batch.noisy(), batch.times(), positions), (e, i) -> 0.5);
    double[] nats =
        new MaskedCrossEntropy().natsAndGradientInPlace(logits, batch.targets(), weights);
    network.backward(logits, false);
    double loss = 0;
    for (int i = 0; i < nats.length; i++) {
      loss += weights[i] * nats[i];
    }
    return loss;
  }

  private NoisedBatch batch(int step) {
    int[][] clean = new int[BATCH][LENGTH];
    int[][] noisy = new int[BATCH][LENGTH];
    double[] times = new double[BATCH];
    for (int b = 0; b < BATCH; b++) {
      times[b] = (b + 0.5) / BATCH;
      for (int n = 0; n < LENGTH; n++) {
        clean[b][n] = (7 * b + 3 * n * n + 5 * step) % VOCABULARY;
        boolean masked = (3 * b + 5 * n + 2 * step) % 7 < b + 1;
        noisy[b][n] = masked ? VOCABULARY : clean[b][n];
      }
    }
    return NoisedBatch.of(
        Rows.of(TokenBatch.of(network.vocabulary(), clean)),
        TokenBatch.of(network.vocabulary(), noisy),
        times);
  }

  private static JsonNode golden() throws IOException {
    try (InputStream file =
        TransformerTrajectoryTest.class.getResourceAsStream("/golden/pytorch_trajectory.json")) {
      return new ObjectMapper().readTree(file);
    }
  }
}
