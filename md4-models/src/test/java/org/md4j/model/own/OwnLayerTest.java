package org.md4j.model.own;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.model.TrainableDenoiser;
import org.md4j.model.layer.ParameterMatrix;
import org.md4j.models.contract.TrainableDenoiserContract;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A layer of a user's own, among ours, is held to what every network promises. */
class OwnLayerTest {
  private static final MixingConfig CONFIG = new MixingConfig(4, 6, 8);

  /** The roundings of operands, 2^-8 each, that add up on the way through two layers. */
  private static final double BF16_BOUND = 4 * 0x1p-8;

  private static MixingDenoiser noisy(DataType type) {
    return noisy(type, Precision.F32);
  }

  private static MixingDenoiser noisy(DataType type, Precision precision) {
    MixingDenoiser network =
        MixingDenoiser.create(CONFIG, 3, type, ComputeBackend.preferred(precision));
    double[] noise = new double[(int) network.parameters().length()];
    new CounterRandom(8).uniforms(Purpose.TOKEN, 0).fill(0, 0, noise, 0, noise.length);
    try (INDArray drawn = Nd4j.createFromArray(noise)) {
      // The head starts at zero, which would leave all other parameters without effect.
      network.parameters().addi(drawn.subi(0.5).castTo(type));
    }
    return network;
  }

  /** In 64 bits, where gradients say most. */
  @Nested
  class InDouble extends TrainableDenoiserContract {
    private final MixingDenoiser network = noisy(DataType.DOUBLE);

    @Override
    protected TrainableDenoiser network() {
      return network;
    }
  }

  /** In 32 bits, by what the machine is fastest with. */
  @Nested
  class InFloat extends TrainableDenoiserContract {
    private final MixingDenoiser network = noisy(DataType.FLOAT);

    @Override
    protected TrainableDenoiser network() {
      return network;
    }
  }

  @Test
  void saysWhatItComputesWith() {
    assertThat(noisy(DataType.DOUBLE).computation()).contains("f64");
    assertThat(noisy(DataType.FLOAT).computation()).contains("f32");
  }

  @Test
  void computesInMixedPrecision() {
    MixingDenoiser network = noisy(DataType.FLOAT, Precision.BF16);
    INDArray rounded = logits(network);
    INDArray exact = logits(noisy(DataType.FLOAT));

    assertThat(network.computation()).contains("bf16");
    double distance = rounded.sub(exact).norm2Number().doubleValue();
    assertThat(distance / exact.norm2Number().doubleValue()).isBetween(1e-6, BF16_BOUND);
  }

  @Test
  void saysWhichParametersAreMatrices() {
    int embedding = (CONFIG.vocabularySize() + 1) * CONFIG.width();
    int mixing = CONFIG.length() * CONFIG.length();

    assertThat(noisy(DataType.FLOAT).matrices())
        .containsExactly(
            new ParameterMatrix(embedding, CONFIG.length(), CONFIG.length()),
            new ParameterMatrix(embedding + mixing, CONFIG.length(), CONFIG.length()));
  }

  private static INDArray logits(MixingDenoiser network) {
    TokenBatch tokens = TokenBatch.ofFlat(network.vocabulary(), 1, new int[] {0, 4, 2, 4, 4, 1});
    return network.logits(new DenoiserInput(tokens, new double[] {0.5}, new int[] {1, 3, 4}));
  }
}
