package org.md4j.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.model.TimeConditioning;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds every hand-derived backward pass against central differences, in double, at every
 * parameter.
 */
@Tag("slow")
class TransformerGradientTest {
  /**
   * Central differences of step 1e-5 on a smooth loss of order 1 are off by about 1e-10; gradients
   * here are of order 0.1.
   */
  private static final double DIFFERENCE_TOLERANCE = 1e-7;

  /** Sums of the same numbers in another order, in double. */
  private static final double ROUNDING = 1e-12;

  private static final double STEP = 1e-5;
  private static final Uniforms DROPOUT = new CounterRandom(5).uniforms(Purpose.DROPOUT, 3);

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(
            "no time, outside embedding",
            TransformerConfig.builder(3, 3)
                .layers(1)
                .heads(2)
                .headSize(4)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .build()),
        Arguments.of(
            "no time, two blocks",
            TransformerConfig.builder(2, 3)
                .layers(2)
                .heads(1)
                .headSize(4)
                .embedding(TokenEmbedding.INSIDE)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .build()),
        Arguments.of(
            "time, outside embedding, two blocks",
            TransformerConfig.builder(2, 3).layers(2).heads(1).headSize(4).build()),
        Arguments.of(
            "time, dropout",
            TransformerConfig.builder(3, 3)
                .layers(1)
                .heads(2)
                .headSize(4)
                .embedding(TokenEmbedding.INSIDE)
                .dropout(0.3)
                .build()),
        Arguments.of(
            "no time, dropout",
            TransformerConfig.builder(3, 3)
                .layers(1)
                .heads(2)
                .headSize(4)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .dropout(0.3)
                .build()),
        Arguments.of(
            "time and classes",
            TransformerConfig.builder(2, 3)
                .layers(2)
                .heads(1)
                .headSize(4)
                .conditioning(told -> told.classes(3))
                .build()),
        Arguments.of(
            "classes without time",
            TransformerConfig.builder(2, 3)
                .layers(1)
                .heads(2)
                .headSize(4)
                .conditioning(told -> told.time(TimeConditioning.NONE).classes(3))
                .build()),
        Arguments.of(
            "causal, two blocks",
            TransformerConfig.builder(2, 3)
                .layers(2)
                .heads(1)
                .headSize(4)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .attention(Attention.CAUSAL)
                .build()),
        Arguments.of(
            "causal, dropout",
            TransformerConfig.builder(3, 3)
                .layers(1)
                .heads(2)
                .headSize(4)
                .embedding(TokenEmbedding.INSIDE)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .dropout(0.3)
                .attention(Attention.CAUSAL)
                .build()),
        Arguments.of(
            "causal, time and classes",
            TransformerConfig.builder(2, 3)
                .layers(2)
                .heads(2)
                .headSize(4)
                .conditioning(told -> told.classes(3))
                .attention(Attention.CAUSAL)
                .build()),
        Arguments.of(
            "short convolution, two blocks",
            TransformerConfig.builder(2, 3)
                .layers(2)
                .heads(1)
                .headSize(4)
                .shortConvolution(3)
                .build()),
        Arguments.of(
            "short convolution longer than a row, no time, dropout",
            TransformerConfig.builder(3, 3)
                .layers(1)
                .heads(2)
                .headSize(4)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .dropout(0.3)
                .shortConvolution(7)
                .build()),
        Arguments.of(
            "n-grams",
            TransformerConfig.builder(2, 3)
                .layers(1)
                .heads(1)
                .headSize(4)
                .ngrams(new NgramEmbedding(List.of(2), 9, 2))
                .build()),
        Arguments.of(
            "causal, n-grams that share rows",
            TransformerConfig.builder(2, 3)
                .layers(1)
                .heads(1)
                .headSize(4)
                .attention(Attention.CAUSAL)
                .ngrams(new NgramEmbedding(List.of(2, 3), 4, 2))
                .build()),
        Arguments.of(
            "causal, short convolution, two blocks",
            TransformerConfig.builder(2, 3)
                .layers(2)
                .heads(1)
                .headSize(4)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .attention(Attention.CAUSAL)
                .shortConvolution(3)
                .build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void backwardEqualsCentralDifferencesAtEveryParameter(String name, TransformerConfig config) {
    TransformerDenoiser network = scrambled(config);
    DenoiserInput input = input(config);
    double[][] coefficients = coefficients(input.positions().length, config.vocabularySize());

    network.forwardForTraining(input, DROPOUT);
    network.backward(Nd4j.createFromArray(coefficients), false);
    double[] gradients = network.gradients().dup().data().asDouble();

    Parameter[] parameters = parameters(network);
    for (int i = 0; i < gradients.length; i++) {
      assertIsCentralDifference(gradients[i], network, i, parameters[i], input, coefficients);
    }
  }

  /**
   * A table so large that its gradient is scattered instead of multiplied: rows used once, the mask
   * row used three times, and rows that are not used.
   */
  @Test
  void aLargeTablesRowsSumTheGradientsOfTheirUses() {
    TransformerConfig config =
        TransformerConfig.builder(1100, 3)
            .layers(1)
            .heads(1)
            .headSize(4)
            .embedding(TokenEmbedding.INSIDE)
            .initialiser(FeedForwardInitialiser.FAN_IN)
            .build();
    TransformerDenoiser network = scrambled(config);
    DenoiserInput input = input(config);
    double[][] coefficients = coefficients(input.positions().length, config.vocabularySize());
    Set<Integer> usedRows = Set.of(0, 1, 1099, 1100);
    Parameter[] parameters = parameters(network);

    network.gradients().assign(9);
    network.forwardForTraining(input, DROPOUT);
    network.backward(Nd4j.createFromArray(coefficients), false);
    double[] gradients = network.gradients().dup().data().asDouble();

    int checkedInTheTable = 0;
    for (int i = 0; i < gradients.length; i++) {
      Parameter parameter = parameters[i];
      if (parameter.name().equals("embedding.embedding")) {
        if (usedRows.contains(parameter.entry() / config.width())) {
          checkedInTheTable++;
          assertIsCentralDifference(gradients[i], network, i, parameter, input, coefficients);
        } else {
          assertThat(gradients[i]).as("unused: %s", parameter).isZero();
        }
      } else if (!parameter.name().equals("logits.logitWeight")) {
        assertIsCentralDifference(gradients[i], network, i, parameter, input, coefficients);
      }
    }
    assertThat(checkedInTheTable).isEqualTo(usedRows.size() * config.width());
  }

  private static void assertIsCentralDifference(
      double gradient,
      TransformerDenoiser network,
      int index,
      Parameter parameter,
      DenoiserInput input,
      double[][] coefficients) {
    INDArray values = network.parameters();
    double original = values.getDouble(index);
    values.putScalar(index, original + STEP);
    double above = loss(network, input, coefficients);
    values.putScalar(index, original - STEP);
    double below = loss(network, input, coefficients);
    values.putScalar(index, original);
    assertThat(gradient)
        .as("%s", parameter)
        .isCloseTo((above - below) / (2 * STEP), within(DIFFERENCE_TOLERANCE));
  }

  @Test
  void accumulatingAddsAndNotAccumulatingReplaces() {
    TransformerConfig config =
        TransformerConfig.builder(3, 3).layers(1).heads(2).headSize(4).build();
    TransformerDenoiser network = scrambled(config);
    DenoiserInput input = input(config);
    INDArray coefficients = Nd4j.createFromArray(coefficients(input.positions().length, 3));

    network.forwardForTraining(input, DROPOUT);
    network.backward(coefficients, false);
    double[] once = network.gradients().dup().data().asDouble();
    network.forwardForTraining(input, DROPOUT);
    network.backward(coefficients, true);
    double[] twice = network.gradients().dup().data().asDouble();
    network.forwardForTraining(input, DROPOUT);
    network.backward(coefficients, false);
    double[] again = network.gradients().dup().data().asDouble();

    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo(2 * once[i], within(ROUNDING));
    }
    assertThat(again).isEqualTo(once);
  }

  @Test
  void rowsOfAClassAddTheirGradientsUp() {
    TransformerConfig config =
        TransformerConfig.builder(2, 3)
            .layers(1)
            .heads(1)
            .headSize(4)
            .conditioning(told -> told.classes(2))
            .build();
    TransformerDenoiser network = scrambled(config);
    int[] row = {0, 2, 1};
    INDArray coefficients = Nd4j.createFromArray(coefficients(1, 2));
    double[] once = classGradients(network, config, coefficients, row);
    double[] thrice =
        classGradients(
            network, config, Nd4j.vstack(coefficients, coefficients, coefficients), row, row, row);

    for (int i = 0; i < once.length; i++) {
      assertThat(thrice[i]).isCloseTo(3 * once[i], within(ROUNDING));
    }
    assertThat(once).hasSize(3 * config.headSize());
    assertThat(Arrays.copyOfRange(once, config.headSize(), 2 * config.headSize()))
        .doesNotContain(0);
    assertThat(Arrays.copyOf(once, config.headSize())).containsOnly(0);
  }

  /** The gradient of the class table for equal rows of class 1, asked about position 1. */
  private static double[] classGradients(
      TransformerDenoiser network, TransformerConfig config, INDArray coefficients, int[]... rows) {
    double[] times = new double[rows.length];
    int[] labels = new int[rows.length];
    int[] positions = new int[rows.length];
    Arrays.fill(times, 0.4);
    Arrays.fill(labels, 1);
    Arrays.setAll(positions, b -> b * config.length() + 1);
    DenoiserInput input =
        new DenoiserInput(
            Rows.of(TokenBatch.of(config.vocabulary(), rows)).withLabels(labels), times, positions);
    network.forwardForTraining(input, DROPOUT);
    network.backward(coefficients.dup(), false);
    double[] gradients = network.gradients().dup().data().asDouble();
    Parameter[] parameters = parameters(network);
    return IntStream.range(0, gradients.length)
        .filter(i -> parameters[i].name().equals("classes.embedding"))
        .mapToDouble(i -> gradients[i])
        .toArray();
  }

  @Test
  void inputGradientsOfSharedConditioningDoNotDependOnWhatRanBefore() {
    TransformerConfig config =
        TransformerConfig.builder(3, 3).layers(2).heads(2).headSize(4).build();
    TransformerDenoiser used = scrambled(config);
    TransformerDenoiser fresh = scrambled(config);
    DenoiserInput input = input(config);
    INDArray coefficients = Nd4j.createFromArray(coefficients(input.positions().length, 3));
    TokenBatch longer =
        TokenBatch.of(
            config.vocabulary(), new int[] {0, 3, 1, 2, 3, 3, 0}, new int[] {1, 1, 3, 0, 0, 2, 3});
    used.forwardForTraining(
        DenoiserInput.everywhere(Rows.of(longer), new double[] {0.2, 0.9}), DROPOUT);
    used.backward(Nd4j.ones(DataType.DOUBLE, 14, 3), false);

    for (TransformerDenoiser network : new TransformerDenoiser[] {used, fresh}) {
      network.forwardForTraining(input, DROPOUT);
      network.backward(coefficients, false);
    }

    assertThat(used.gradients().dup().data().asDouble())
        .isEqualTo(fresh.gradients().dup().data().asDouble());
  }

  @Test
  void resultsDoNotDependOnTheNumbersOfRowsAskedAboutBefore() {
    TransformerConfig config =
        TransformerConfig.builder(3, 3)
            .layers(1)
            .heads(2)
            .headSize(4)
            .conditioning(told -> told.classes(2))
            .build();
    TransformerDenoiser used = scrambled(config);
    for (int rows : new int[] {2, 1, 2, 5, 1, 2, 5, 3}) {
      TransformerDenoiser fresh = scrambled(config);
      int[][] tokens = new int[rows][];
      int[] labels = new int[rows];
      double[] times = new double[rows];
      int[] positions = new int[rows];
      for (int b = 0; b < rows; b++) {
        tokens[b] = new int[] {b % 4, 3, (b + 1) % 3};
        labels[b] = b % 3;
        times[b] = (b + 0.5) / rows;
        positions[b] = 3 * b + 1;
      }
      DenoiserInput input =
          new DenoiserInput(
              Rows.of(TokenBatch.of(config.vocabulary(), tokens)).withLabels(labels),
              times,
              positions);
      double[][] coefficients = coefficients(rows, 3);

      double[][] expected = fresh.forwardForTraining(input, DROPOUT).toDoubleMatrix();
      fresh.backward(Nd4j.createFromArray(coefficients), false);

      assertThat(used.logits(input).toDoubleMatrix()).isDeepEqualTo(expected);
      used.forwardForTraining(input, DROPOUT);
      used.backward(Nd4j.createFromArray(coefficients), false);
      assertThat(used.gradients().dup().data().asDouble())
          .as("%d rows", rows)
          .isEqualTo(fresh.gradients().dup().data().asDouble());
    }
  }

  /**
   * A network whose zero-initialised weights are not zero, so that every path carries a gradient.
   */
  private static TransformerDenoiser scrambled(TransformerConfig config) {
    TransformerDenoiser network = TransformerDenoiser.create(config, 1, DataType.DOUBLE);
    Uniforms uniforms = new CounterRandom(2).uniforms(Purpose.INITIALISATION, 1);
    double[] values = new double[(int) network.parameters().length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = uniforms.at(0, i) - 0.5;
    }
    network.parameters().addi(Nd4j.createFromArray(values));
    return network;
  }

  private static DenoiserInput input(TransformerConfig config) {
    int mask = config.vocabularySize();
    int last = mask - 1;
    TokenBatch tokens =
        TokenBatch.of(config.vocabulary(), new int[] {0, mask, last}, new int[] {mask, 1, mask});
    // The null label and a class; the other rows of the class table are not used.
    int[] labels = config.classes() == 0 ? new int[0] : new int[] {config.classes(), 1};
    // The last position of a row is where a causal network reads the most.
    int[] positions =
        config.attention() == Attention.CAUSAL ? new int[] {0, 2, 4, 5} : new int[] {1, 3, 4};
    return new DenoiserInput(
        Rows.of(tokens).withLabels(labels).withFirstExample(7),
        new double[] {0.31, 0.74},
        positions);
  }

  private static double[][] coefficients(int positions, int size) {
    Uniforms uniforms = new CounterRandom(3).uniforms(Purpose.TOKEN, 0);
    double[][] coefficients = new double[positions][size];
    for (int p = 0; p < positions; p++) {
      for (int v = 0; v < size; v++) {
        coefficients[p][v] = uniforms.at(p, v) - 0.5;
      }
    }
    return coefficients;
  }

  private static double loss(
      TransformerDenoiser network, DenoiserInput input, double[][] coefficients) {
    double[][] logits = network.forwardForTraining(input, DROPOUT).toDoubleMatrix();
    double loss = 0;
    for (int p = 0; p < logits.length; p++) {
      for (int v = 0; v < logits[p].length; v++) {
        loss += coefficients[p][v] * logits[p][v];
      }
    }
    return loss;
  }

  /** An entry of a named parameter. */
  private record Parameter(String name, int entry) {}

  /** What each entry of the flat vector is, found by numbering the vector and reading the views. */
  private static Parameter[] parameters(TransformerDenoiser network) {
    INDArray flat = network.parameters();
    INDArray original = flat.dup();
    Parameter[] parameters = new Parameter[Math.toIntExact(flat.length())];
    flat.assign(
        Nd4j.createFromArray(IntStream.range(0, parameters.length).asDoubleStream().toArray()));
    for (GraphVertex vertex : network.graph().getVertices()) {
      vertex
          .paramTable(false)
          .forEach(
              (name, view) -> {
                double[] indices = view.dup().data().asDouble();
                for (int entry = 0; entry < indices.length; entry++) {
                  parameters[(int) indices[entry]] =
                      new Parameter(vertex.getVertexName() + "." + name, entry);
                }
              });
    }
    flat.assign(original);
    assertThat(parameters).doesNotContainNull();
    return parameters;
  }
}
