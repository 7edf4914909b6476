package org.md4j.model.image;

import java.util.List;
import java.util.stream.IntStream;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Small networks of every kind, for tests. */
final class UNets {
  private UNets() {}

  /** Two levels, told by an added bias, attention in the middle: the CIFAR-10 kind. */
  static UNetConfig pyramid() {
    return UNetConfig.builder(2, 4, 2)
        .vocabularySize(3)
        .embeddingWidth(4)
        .channels(4)
        .channelMultipliers(List.of(1, 2))
        .blocksPerLevel(1)
        .middle(new Middle.Attention(2))
        .groups(2)
        .build();
  }

  /** One level, told by scale and shift, a transformer in the middle: the ImageNet kind. */
  static UNetConfig transformer() {
    return transformer(0);
  }

  /** The same with a short convolution over its patches. */
  static UNetConfig transformer(int shortConvolution) {
    return UNetConfig.builder(4, 2, 1)
        .vocabularySize(3)
        .embeddingWidth(4)
        .channels(4)
        .blocksPerLevel(1)
        .middle(
            Middle.Transformer.builder()
                .layers(1)
                .width(4)
                .heads(2)
                .patch(2)
                .shortConvolution(shortConvolution)
                .build())
        .blockConditioning(BlockConditioning.SCALE_SHIFT)
        .groups(2)
        .build();
  }

  /** The same network with values that know their neighbours on their way in and out. */
  static UNetConfig smooth(UNetConfig config) {
    return config.toBuilder()
        .valueEmbedding(ValueEmbedding.FOURIER_FEATURES)
        .logitHead(LogitHead.SMOOTH)
        .build();
  }

  /** The same network with a peak of its logits besides, predicted from known values near by. */
  static UNetConfig predictive(UNetConfig config) {
    return smooth(config).toBuilder().logitHead(LogitHead.PREDICTIVE).build();
  }

  /**
   * A network whose zero-initialised weights are not zero, so that every path carries something.
   */
  static ImageDenoiser scrambled(UNetConfig config, DataType type) {
    ImageDenoiser network = ImageDenoiser.create(config, 1, type);
    Uniforms uniforms = new CounterRandom(2).uniforms(Purpose.INITIALISATION, 1);
    double[] values =
        IntStream.range(0, (int) network.parameters().length())
            .mapToDouble(i -> 0.6 * (uniforms.at(0, i) - 0.5))
            .toArray();
    network.parameters().addi(Nd4j.createFromArray(values).castTo(type));
    return network;
  }

  /** Rows of all values and masks. */
  static TokenBatch tokens(UNetConfig config, int rows) {
    Uniforms uniforms = new CounterRandom(4).uniforms(Purpose.TOKEN, 0);
    int[] flat = new int[rows * config.length()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (int) (uniforms.at(0, i) * (config.vocabularySize() + 1));
    }
    return TokenBatch.ofFlat(config.vocabulary(), rows, flat);
  }
}
