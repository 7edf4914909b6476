package org.md4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
import org.md4j.core.Uniforms;
import org.md4j.model.image.BlockConditioning;
import org.md4j.model.image.ImageDenoiser;
import org.md4j.model.image.LogitHead;
import org.md4j.model.image.Middle;
import org.md4j.model.image.UNetConfig;
import org.md4j.model.image.ValueEmbedding;
import org.md4j.model.text.Attention;
import org.md4j.model.text.NgramEmbedding;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds every network's logits and gradients in 32 bits and in mixed precision to those in 64 bits,
 * for each library that computes.
 *
 * <p>What is compared is the distance of the whole vector, in units of its length. A pass rounds a
 * number some dozens of times on its way, independently, which is what the bounds allow for.
 */
class PrecisionTest {
  /** Roundings of 2^-24 that add up on the way through a network. */
  private static final double F32_BOUND = 64 * 0x1p-24;

  /** Roundings of operands, at most 2^-8 each, that add up on the way through a network. */
  private static final double BF16_BOUND = 8 * 0x1p-8;

  /** What mixed precision is off by at least: less would mean that nothing was rounded. */
  private static final double BF16_LEAST = 0x1p-12;

  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 3);

  private static final int ROWS = 3;

  static Stream<Arguments> networks() {
    TransformerConfig text = TransformerConfig.builder(7, 9).layers(2).heads(2).headSize(8).build();
    UNetConfig pyramid =
        UNetConfig.builder(4, 4, 2)
            .vocabularySize(5)
            .embeddingWidth(4)
            .channels(8)
            .channelMultipliers(List.of(1, 2))
            .blocksPerLevel(1)
            .middle(new Middle.Attention(2))
            .groups(2)
            .build();
    Middle.Transformer.Builder patches =
        Middle.Transformer.builder().layers(2).width(8).heads(2).patch(2);
    UNetConfig transformer =
        UNetConfig.builder(4, 4, 1)
            .vocabularySize(5)
            .embeddingWidth(4)
            .channels(8)
            .blocksPerLevel(1)
            .middle(patches.build())
            .blockConditioning(BlockConditioning.SCALE_SHIFT)
            .groups(2)
            .build();
    return Stream.of(
        Arguments.of("text", text),
        Arguments.of(
            "text without time, dropout",
            text.toBuilder()
                .dropout(0.3)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .build()),
        Arguments.of(
            "causal text",
            text.toBuilder()
                .attention(Attention.CAUSAL)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .build()),
        Arguments.of("text, short convolution", text.toBuilder().shortConvolution(5).build()),
        Arguments.of("text, n-grams", text.toBuilder().ngrams(NgramEmbedding.of(2, 3)).build()),
        Arguments.of(
            "causal text, short convolution",
            text.toBuilder().attention(Attention.CAUSAL).shortConvolution(3).build()),
        Arguments.of("pyramid", pyramid),
        Arguments.of(
            "pyramid, dropout, classes",
            pyramid.toBuilder().dropout(0.3).conditioning(told -> told.classes(2)).build()),
        Arguments.of("pyramid, smooth, three colours", smooth(pyramid.toBuilder().colours(3))),
        Arguments.of("transformer, smooth", smooth(transformer.toBuilder().vocabularySize(40))),
        Arguments.of("pyramid, predictive", predictive(pyramid.toBuilder().colours(3))),
        Arguments.of("transformer, predictive", predictive(transformer.toBuilder())),
        Arguments.of("transformer", transformer),
        Arguments.of(
            "transformer, short convolution",
            transformer.toBuilder().middle(patches.shortConvolution(3).build()).build()),
        Arguments.of("transformer, dropout", transformer.toBuilder().dropout(0.3).build()));
  }

  private static UNetConfig smooth(UNetConfig.Builder network) {
    return network
        .valueEmbedding(ValueEmbedding.FOURIER_FEATURES)
        .logitHead(LogitHead.SMOOTH)
        .build();
  }

  private static UNetConfig predictive(UNetConfig.Builder network) {
    return smooth(network).toBuilder().logitHead(LogitHead.PREDICTIVE).build();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void logitsAndGradientsAreThoseOfDoubleUpToRoundings(String name, NetworkConfig config) {
    Result exact = run(create(config, DataType.DOUBLE, ComputeBackend.nd4j(Precision.F32)));
    for (ComputeBackend backend :
        List.of(
            ComputeBackend.nd4j(Precision.F32),
            ComputeBackend.oneDnn(Precision.F32),
            ComputeBackend.nd4j(Precision.BF16),
            ComputeBackend.oneDnn(Precision.BF16))) {
      GraphDenoiser network = create(config, DataType.FLOAT, backend);
      Result result = run(network);
      boolean mixed = network.computation().contains("bf16");
      double bound = mixed ? BF16_BOUND : F32_BOUND;
      assertThat(distance(result.logits(), exact.logits()))
          .as("logits, %s", network.computation())
          .isLessThan(bound)
          .isGreaterThan(mixed ? BF16_LEAST : 0);
      assertThat(distance(result.gradients(), exact.gradients()))
          .as("gradients, %s", network.computation())
          .isLessThan(bound)
          .isGreaterThan(mixed ? BF16_LEAST : 0);
    }
  }

  /** Accumulating adds the same numbers again, in mixed precision too. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void gradientsAccumulateInMixedPrecision(String name, NetworkConfig config) {
    GraphDenoiser network =
        create(config, DataType.FLOAT, ComputeBackend.preferred(Precision.BF16));
    double[] once = run(network).gradients();
    network.forwardForTraining(input(config), DROPOUT);
    network.backward(coefficients(config, DataType.FLOAT), true);
    double[] twice = network.gradients().castTo(DataType.DOUBLE).data().asDouble();
    double[] doubled = Arrays.stream(once).map(x -> 2 * x).toArray();

    assertThat(distance(twice, doubled)).isLessThan(F32_BOUND);
  }

  /** Rounded copies of parameters, and what is made of them, follow the parameters. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void changedParametersAreSeen(String name, NetworkConfig config) {
    ComputeBackend backend = ComputeBackend.preferred(Precision.BF16);
    GraphDenoiser network = create(config, DataType.FLOAT, backend);
    double[] before = run(network).logits();
    network.parameters().muli(0.5);
    double[] after = run(network).logits();
    GraphDenoiser fresh = create(config, DataType.FLOAT, backend);
    fresh.parameters().muli(0.5);

    assertThat(after).isNotEqualTo(before).isEqualTo(run(fresh).logits());
  }

  private record Result(double[] logits, double[] gradients) {}

  private static Result run(GraphDenoiser network) {
    DenoiserInput input = input(network.config());
    INDArray logits = network.forwardForTraining(input, DROPOUT);
    double[] copied = logits.dup('c').castTo(DataType.DOUBLE).data().asDouble();
    network.backward(coefficients(network.config(), network.parameters().dataType()), false);
    return new Result(copied, network.gradients().castTo(DataType.DOUBLE).data().asDouble());
  }

  private static double distance(double[] actual, double[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      length += expected[i] * expected[i];
    }
    return Math.sqrt(difference / length);
  }

  /** A network whose zero-initialised weights are not zero, equal for all number types. */
  private static GraphDenoiser create(NetworkConfig config, DataType type, ComputeBackend backend) {
    GraphDenoiser network =
        config instanceof TransformerConfig text
            ? TransformerDenoiser.create(text, 1, type, backend)
            : ImageDenoiser.create((UNetConfig) config, 1, type, backend);
    double[] noise = drawn(2, (int) network.parameters().length());
    INDArray exact = Nd4j.createFromArray(Arrays.stream(noise).map(x -> 0.6 * x).toArray());
    // Rounded once to 32 bits, so that every network has the same parameters.
    network
        .parameters()
        .addi(exact.castTo(type))
        .assign(network.parameters().castTo(DataType.FLOAT).castTo(type));
    return network;
  }

  private static double[] drawn(long seed, int count) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.INITIALISATION, 1);
    return IntStream.range(0, count).mapToDouble(i -> uniforms.at(0, i) - 0.5).toArray();
  }

  private static DenoiserInput input(NetworkConfig config) {
    int cells = ROWS * config.length();
    double[] numbers = drawn(4, cells);
    int[] flat =
        IntStream.range(0, cells)
            .map(i -> (int) ((numbers[i] + 0.5) * config.vocabulary().embeddingRows()))
            .toArray();
    int[] positions = IntStream.range(0, cells).filter(i -> i % 3 != 1).toArray();
    TokenBatch tokens = TokenBatch.ofFlat(config.vocabulary(), ROWS, flat);
    Rows rows = Rows.of(tokens);
    if (config.classes() > 0) {
      rows = rows.withLabels(0, 2, 1);
    }
    return new DenoiserInput(rows, new double[] {0.25, 0.5, 0.75}, positions);
  }

  private static INDArray coefficients(NetworkConfig config, DataType type) {
    int wanted = input(config).positions().length;
    int vocabularySize = config.vocabulary().size();
    return Nd4j.createFromArray(drawn(7, wanted * vocabularySize))
        .castTo(type)
        .reshape('c', wanted, vocabularySize);
  }
}
