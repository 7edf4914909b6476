package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.model.TimeConditioning;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds whole networks' backward passes against central differences, in double, at {@value
 * #ENTRIES} entries of every parameter of every layer; layers on their own are held at every entry,
 * and {@link TorchAgreementTest} holds all gradients of two networks.
 */
@Tag("slow")
class ImageGradientTest {
  /**
   * Central differences of step 1e-5 on a smooth loss of order 1 are off by about 1e-9 here, where
   * group normalisation of few numbers bends the loss; gradients are of order 0.1.
   */
  private static final double DIFFERENCE_TOLERANCE = 1e-6;

  /** Sums of the same numbers in another order, in double. */
  private static final double ROUNDING = 1e-11;

  private static final double STEP = 1e-5;

  /** Entries that are drawn of every parameter. */
  private static final int ENTRIES = 2;

  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 3);

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of("pyramid with attention", UNets.pyramid()),
        Arguments.of(
            "pyramid told nothing",
            UNets.pyramid().toBuilder()
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .build()),
        Arguments.of(
            "pyramid, dropout, classes",
            UNets.pyramid().toBuilder().dropout(0.3).conditioning(told -> told.classes(2)).build()),
        Arguments.of(
            "pyramid, smooth, three colours",
            UNets.smooth(UNets.pyramid()).toBuilder().colours(3).build()),
        Arguments.of("transformer, smooth, one colour", UNets.smooth(UNets.transformer())),
        Arguments.of(
            "pyramid, predictive, three colours",
            UNets.predictive(UNets.pyramid()).toBuilder().colours(3).build()),
        Arguments.of("transformer, predictive", UNets.predictive(UNets.transformer())),
        Arguments.of("transformer", UNets.transformer()),
        Arguments.of("transformer, short convolution", UNets.transformer(3)),
        Arguments.of(
            "transformer, dropout, classes",
            UNets.transformer().toBuilder()
                .dropout(0.3)
                .conditioning(told -> told.classes(2))
                .build()),
        Arguments.of(
            "transformer, classes without time",
            UNets.transformer().toBuilder()
                .conditioning(told -> told.classes(2).time(TimeConditioning.NONE))
                .build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void backwardEqualsCentralDifferences(String name, UNetConfig config) {
    ImageDenoiser network = UNets.scrambled(config, DataType.DOUBLE);
    DenoiserInput input = input(config);
    INDArray coefficients = coefficients(input.positions().length, config.vocabularySize());

    network.forwardForTraining(input, DROPOUT);
    network.backward(coefficients.dup(), false);
    double[] gradients = network.gradients().dup().data().asDouble();

    INDArray values = network.parameters();
    for (int i : entries(network)) {
      double original = values.getDouble(i);
      values.putScalar(i, original + STEP);
      double above = loss(network, input, coefficients);
      values.putScalar(i, original - STEP);
      double below = loss(network, input, coefficients);
      values.putScalar(i, original);
      assertThat(gradients[i])
          .as("parameter %d", i)
          .isCloseTo((above - below) / (2 * STEP), within(DIFFERENCE_TOLERANCE));
    }
    assertThat(Arrays.stream(gradients).map(Math::abs).max().orElse(0))
        .as("the largest gradient")
        .isGreaterThan(DIFFERENCE_TOLERANCE);
  }

  /** Indices into the flat vector: {@value #ENTRIES} of each of the arrays it consists of. */
  private static List<Integer> entries(ImageDenoiser network) {
    Uniforms uniforms = new CounterRandom(6).uniforms(Purpose.TOKEN, 0);
    List<Integer> entries = new ArrayList<>();
    long covered = 0;
    for (GraphVertex vertex : network.graph().getVertices()) {
      for (INDArray parameter : vertex.paramTable(false).values()) {
        for (int i = 0; i < ENTRIES; i++) {
          double drawn = parameter.length() * uniforms.at(parameter.offset(), i);
          entries.add((int) (parameter.offset() + (long) drawn));
        }
        covered += parameter.length();
      }
    }
    assertThat(covered).isEqualTo(network.parameters().length());
    return entries;
  }

  @Test
  void accumulatingAddsAndNotAccumulatingReplaces() {
    for (UNetConfig config :
        new UNetConfig[] {
          UNets.pyramid(),
          UNets.transformer(),
          UNets.smooth(UNets.pyramid()),
          UNets.predictive(UNets.pyramid())
        }) {
      ImageDenoiser network = UNets.scrambled(config, DataType.DOUBLE);
      DenoiserInput input = input(config);
      INDArray coefficients = coefficients(input.positions().length, config.vocabularySize());
      double[] once = gradients(network, input, coefficients, false);
      double[] twice = gradients(network, input, coefficients, true);
      double[] again = gradients(network, input, coefficients, false);

      for (int i = 0; i < once.length; i++) {
        assertThat(twice[i]).isCloseTo(2 * once[i], within(ROUNDING));
      }
      assertThat(again).isEqualTo(once);
    }
  }

  private static double[] gradients(
      ImageDenoiser network, DenoiserInput input, INDArray coefficients, boolean accumulate) {
    network.forwardForTraining(input, DROPOUT);
    network.backward(coefficients.dup(), accumulate);
    return network.gradients().dup().data().asDouble();
  }

  private static DenoiserInput input(UNetConfig config) {
    int[] labels = config.classes() == 0 ? new int[0] : new int[] {config.classes(), 1};
    int length = config.length();
    int[] positions =
        IntStream.range(0, 2 * length).filter(n -> n % 3 != 1 || n > length).toArray();
    return new DenoiserInput(
        Rows.of(UNets.tokens(config, 2)).withLabels(labels).withFirstExample(7),
        new double[] {0.31, 0.74},
        positions);
  }

  private static INDArray coefficients(int positions, int size) {
    Uniforms uniforms = new CounterRandom(3).uniforms(Purpose.TOKEN, 0);
    double[][] coefficients = new double[positions][size];
    for (int p = 0; p < positions; p++) {
      for (int v = 0; v < size; v++) {
        coefficients[p][v] = uniforms.at(p, v) - 0.5;
      }
    }
    return Nd4j.createFromArray(coefficients);
  }

  private static double loss(ImageDenoiser network, DenoiserInput input, INDArray coefficients) {
    INDArray logits = network.forwardForTraining(input, DROPOUT);
    return logits.mul(coefficients).sumNumber().doubleValue();
  }
}
