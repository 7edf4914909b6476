package org.md4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.LogitHead;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.image.ValueEmbedding;
import org.md4j.model.text.Attention;
import org.md4j.model.text.NgramEmbedding;
import org.md4j.model.text.TokenEmbedding;
import org.md4j.model.text.TransformerConfig;

/** Holds the memory that is counted before a network is made to what the network then holds. */
class ActivationBytesTest {
  private static final TransformerConfig TEXT =
      TransformerConfig.builder(5, 12).layers(2).heads(2).headSize(4).build();

  private static final UNetConfig PICTURES =
      UNetConfig.builder(4, 4, 3)
          .vocabularySize(6)
          .embeddingWidth(4)
          .channels(4)
          .blocksPerLevel(1)
          .groups(2)
          .middle(Middle.Transformer.builder().layers(1).width(4).heads(2).patch(2).build())
          .blockConditioning(BlockConditioning.SCALE_SHIFT)
          .build();

  static Stream<Arguments> networks() {
    return Stream.of(
            Named.of("text", TEXT),
            Named.of("text with dropout", TEXT.toBuilder().dropout(0.1).build()),
            Named.of("causal text", TEXT.toBuilder().attention(Attention.CAUSAL).build()),
            Named.of(
                "text with n-grams and a short convolution",
                TEXT.toBuilder().ngrams(NgramEmbedding.of(2, 3)).shortConvolution(3).build()),
            Named.of(
                "labelled text of words",
                TEXT.toBuilder()
                    .vocabularySize(50_257)
                    .embedding(TokenEmbedding.INSIDE)
                    .conditioning(told -> told.classes(3))
                    .build()),
            Named.of("pictures", PICTURES),
            Named.of(
                "pictures with dropout, two levels and attention over pixels",
                PICTURES.toBuilder()
                    .channelMultipliers(List.of(1, 2))
                    .middle(new Middle.Attention(2))
                    .blockConditioning(BlockConditioning.BIAS)
                    .dropout(0.1)
                    .build()),
            Named.of(
                "pictures with a peak",
                PICTURES.toBuilder()
                    .valueEmbedding(ValueEmbedding.FOURIER_FEATURES)
                    .logitHead(LogitHead.PREDICTIVE)
                    .build()))
        .flatMap(
            network ->
                Stream.of(Precision.values()).map(precision -> Arguments.of(network, precision)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void whatIsCountedIsHeld(NetworkConfig config, Precision precision) {
    for (boolean training : new boolean[] {false, true}) {
      ReplicaWork work =
          new ReplicaWork(3, 3 * config.length() - config.length() / 2, training, precision);

      assertThat(config.activationBytes(work))
          .as("training %s", training)
          .hasValue(held(config, work));
    }
  }

  /** The bytes that a network holds after a pass over masks. */
  private static long held(NetworkConfig config, ReplicaWork work) {
    GraphDenoiser network = (GraphDenoiser) config.create(1, ComputeBackend.nd4j(work.precision()));
    Rows rows =
        Rows.of(TokenBatch.allMasked(config.vocabulary(), work.rows(), config.length()))
            .withLabels(new int[config.classes() > 0 ? work.rows() : 0]);
    int[] positions = new int[work.wanted()];
    Arrays.setAll(positions, i -> i);
    DenoiserInput input = new DenoiserInput(rows, new double[work.rows()], positions);
    if (work.training()) {
      for (boolean accumulate : new boolean[] {false, true}) {
        network.train(
            input,
            new CounterRandom(1).uniforms(Purpose.DROPOUT, 0),
            (from, logits) -> {},
            accumulate);
      }
    } else {
      network.readLogits(input, (from, logits) -> {});
    }
    return network.activationBytes();
  }

  @Test
  void furtherRowsNeedAsMuchAsThoseBefore() {
    long counted = TEXT.activationBytes(work(40)).orElseThrow();

    assertThat((double) held(TEXT, work(40)) / counted).isCloseTo(1, within(0.02));
  }

  private static ReplicaWork work(int rows) {
    return new ReplicaWork(rows, rows * TEXT.length(), true, Precision.F32);
  }

  @Test
  void whatNoMachineHasIsCountedWithoutIt() {
    TransformerConfig books = TEXT.toBuilder().length(1_000_000).build();

    long bytes =
        books
            .activationBytes(new ReplicaWork(1, books.length(), true, Precision.F32))
            .orElseThrow();

    // The probabilities of two layers of two heads, and the scratch of their gradients.
    assertThat(bytes).isGreaterThan(2L * 2 * 4 * 1_000_000 * 1_000_000);
  }

  @Test
  void parametersAreCounted() {
    assertThat(TEXT.parameterCount()).hasValue(TEXT.create(1).parameters().length());
    assertThat(PICTURES.parameterCount()).hasValue(PICTURES.create(1).parameters().length());
  }
}
