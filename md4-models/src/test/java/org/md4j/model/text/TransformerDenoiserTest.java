package org.md4j.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.model.TimeConditioning;
import org.md4j.model.TimeFeatures;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.ElboTerms;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TransformerDenoiserTest {
  /** Products of 32-bit floats of order 1 summed in another order. */
  private static final double FLOAT_SUMS = 1e-5;

  private static final Uniforms NO_DROPOUT = (example, index) -> 0.5;

  @ParameterizedTest
  @CsvSource({
    "true, true, 0, false, 0",
    "true, false, 0, false, 0",
    "false, true, 0, false, 0",
    "false, false, 0, false, 0",
    "true, true, 2, false, 0",
    "true, false, 2, false, 0",
    "true, false, 0, true, 0",
    "false, false, 0, true, 0",
    "true, true, 2, true, 0",
    "true, true, 0, false, 3",
    "false, false, 0, false, 5",
    "true, false, 0, true, 3",
    "false, true, 2, true, 9"
  })
  void equalsTheFormulasWrittenOutInPlainJava(
      boolean outside, boolean timed, int classes, boolean causal, int shortConvolution) {
    TransformerConfig config =
        TransformerConfig.builder(5, 6)
            .layers(2)
            .heads(3)
            .headSize(4)
            .embedding(outside ? TokenEmbedding.OUTSIDE : TokenEmbedding.INSIDE)
            .conditioning(
                told ->
                    told.time(timed ? TimeConditioning.TIME : TimeConditioning.NONE)
                        .classes(classes))
            .attention(causal ? Attention.CAUSAL : Attention.BIDIRECTIONAL)
            .shortConvolution(shortConvolution)
            .build();
    assertEqualsTheFormulas(config);
  }

  @ParameterizedTest
  @EnumSource(Attention.class)
  void ngramsAddWhatTheirFormulaSays(Attention attention) {
    assertEqualsTheFormulas(
        TransformerConfig.builder(5, 6)
            .layers(1)
            .heads(2)
            .headSize(4)
            .attention(attention)
            .ngrams(new NgramEmbedding(List.of(2, 3), 216, 3))
            .build());
  }

  private static void assertEqualsTheFormulas(TransformerConfig config) {
    int classes = config.classes();
    TransformerDenoiser network = scrambled(config, DataType.DOUBLE);
    TokenBatch tokens =
        TokenBatch.of(
            config.vocabulary(), new int[] {0, 5, 3, 4, 5, 1}, new int[] {5, 5, 5, 2, 1, 0});
    double[] times = {0.13, 0.87};
    int[] labels = classes == 0 ? new int[0] : new int[] {classes, 0};
    int[] everywhere = IntStream.range(0, 12).toArray();

    double[][] logits =
        network
            .logits(new DenoiserInput(Rows.of(tokens).withLabels(labels), times, everywhere))
            .toDoubleMatrix();

    ReferenceTransformer reference = new ReferenceTransformer(network);
    for (int b = 0; b < 2; b++) {
      int label = classes == 0 ? 0 : labels[b];
      double[][] expected = reference.logits(tokens.row(b), times[b], label);
      for (int n = 0; n < 6; n++) {
        for (int v = 0; v < 5; v++) {
          assertThat(logits[b * 6 + n][v])
              .as("row %d, position %d, value %d", b, n, v)
              .isCloseTo(expected[n][v], within(Tolerance.EXACT_DOUBLE));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void logitsAtSomePositionsAreThoseOfAllPositions(int shortConvolution) {
    TransformerConfig config =
        TransformerConfig.builder(5, 6)
            .layers(2)
            .heads(2)
            .headSize(8)
            .shortConvolution(shortConvolution)
            .build();
    TransformerDenoiser network = scrambled(config, DataType.FLOAT);
    TokenBatch tokens =
        TokenBatch.of(
            config.vocabulary(), new int[] {0, 5, 3, 4, 5, 1}, new int[] {5, 5, 5, 2, 1, 0});
    double[] times = {0.4, 0.6};
    double[][] all =
        network.logits(DenoiserInput.everywhere(Rows.of(tokens), times)).toDoubleMatrix();

    int[] positions = {1, 4, 6, 11};
    double[][] some = network.logits(new DenoiserInput(tokens, times, positions)).toDoubleMatrix();

    for (int p = 0; p < positions.length; p++) {
      for (int v = 0; v < 5; v++) {
        assertThat(some[p][v]).isCloseTo(all[positions[p]][v], within(FLOAT_SUMS));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void aRowDoesNotSeeTheOthers(int shortConvolution) {
    TransformerConfig config =
        TransformerConfig.builder(5, 4)
            .layers(2)
            .heads(2)
            .headSize(8)
            .shortConvolution(shortConvolution)
            .build();
    TransformerDenoiser network = scrambled(config, DataType.FLOAT);
    TokenBatch both =
        TokenBatch.of(config.vocabulary(), new int[] {0, 5, 3, 5}, new int[] {5, 5, 2, 1});
    double[][] together =
        network
            .logits(DenoiserInput.everywhere(Rows.of(both), new double[] {0.4, 0.6}))
            .toDoubleMatrix();

    double[][] alone =
        network
            .logits(DenoiserInput.everywhere(Rows.of(both.rows(1, 2)), new double[] {0.6}))
            .toDoubleMatrix();

    for (int n = 0; n < 4; n++) {
      for (int v = 0; v < 5; v++) {
        assertThat(alone[n][v]).isCloseTo(together[4 + n][v], within(FLOAT_SUMS));
      }
    }
  }

  @Test
  void timeMattersExactlyIfConditioned() {
    TransformerConfig timed =
        TransformerConfig.builder(5, 4).layers(1).heads(2).headSize(8).build();
    TransformerConfig untimed =
        TransformerConfig.builder(5, 4)
            .layers(1)
            .heads(2)
            .headSize(8)
            .conditioning(told -> told.time(TimeConditioning.NONE))
            .build();
    TokenBatch tokens = TokenBatch.of(timed.vocabulary(), new int[] {0, 5, 3, 5});

    for (TransformerConfig config : List.of(timed, untimed)) {
      TransformerDenoiser network = scrambled(config, DataType.FLOAT);
      float[] early =
          floats(network.logits(DenoiserInput.everywhere(Rows.of(tokens), new double[] {0.2})));
      float[] late =
          floats(network.logits(DenoiserInput.everywhere(Rows.of(tokens), new double[] {0.9})));
      assertThat(Arrays.equals(early, late)).isEqualTo(!config.conditioning().tellsTime());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void labelsMatterTheNullLabelToo(boolean timed) {
    TransformerConfig config =
        TransformerConfig.builder(5, 4)
            .layers(1)
            .heads(2)
            .headSize(8)
            .conditioning(
                told -> told.time(timed ? TimeConditioning.TIME : TimeConditioning.NONE).classes(2))
            .build();
    TransformerDenoiser network = scrambled(config, DataType.FLOAT);
    TokenBatch tokens = TokenBatch.of(config.vocabulary(), new int[] {0, 5, 3, 5});
    double[] times = {0.2};
    int[] positions = {1, 3};

    List<float[]> answers = new ArrayList<>();
    for (int label = 0; label <= 2; label++) {
      answers.add(
          floats(
              network.logits(
                  new DenoiserInput(
                      Rows.of(tokens).withLabels(new int[] {label}), times, positions))));
    }

    assertThat(answers.get(0)).isNotEqualTo(answers.get(1)).isNotEqualTo(answers.get(2));
    assertThat(answers.get(1)).isNotEqualTo(answers.get(2));
  }

  @Test
  void lossAtTheStartIsTheGoldenOne() {
    TransformerConfig config =
        TransformerConfig.builder(27, 32).layers(1).heads(1).headSize(8).build();
    TransformerDenoiser network = TransformerDenoiser.create(config, 3);
    ContinuousTimeElbo elbo = new ContinuousTimeElbo(MaskingSchedule.reference());
    int rows = 64;
    TokenBatch clean =
        TokenBatch.ofFlat(
            config.vocabulary(), rows, IntStream.range(0, rows * 32).map(i -> i % 27).toArray());
    double sum = 0;
    double sumOfSquares = 0;
    int repetitions = 200;
    CounterRandom random = new CounterRandom(9);
    for (int step = 0; step < repetitions; step++) {
      double[] levels = AntitheticTimes.sample(rows, random.uniforms(Purpose.TIME, step));
      NoisedBatch batch = elbo.noise(Rows.of(clean), levels, random.uniforms(Purpose.MASK, step));
      // The golden value is the reference's loss, which drops the prior.
      double bits = 0;
      for (ElboTerms terms : elbo.estimate(batch, network)) {
        bits += (terms.diffusion() + terms.reconstruction()) / (32 * Math.log(2)) / rows;
      }
      sum += bits;
      sumOfSquares += bits * bits;
    }
    double mean = sum / repetitions;
    double standardError = Math.sqrt((sumOfSquares / repetitions - mean * mean) / repetitions);

    assertThat(mean)
        .isCloseTo(
            GoldenVectors.expected("init/loss_bits_per_token").get("27").doubleValue(),
            within(Tolerance.SIGMAS * standardError));
    assertThat(standardError).isLessThan(0.02);
  }

  @Test
  void weightsStartWithTheVarianceOfTheirInitialiser() {
    TransformerDenoiser network =
        TransformerDenoiser.create(
            TransformerConfig.builder(27, 8).layers(4).heads(4).headSize(64).build(), 5);
    double width = 256;
    double hidden = 704;
    Map<String, Double> deviations = new HashMap<>();
    deviations.put("conditioning.hiddenWeight", Math.sqrt(1.0 / 64));
    deviations.put("conditioning.hiddenBias", 0.0);
    deviations.put("conditioning.outputWeight", Math.sqrt(1.0 / 256));
    deviations.put("conditioning.outputBias", 0.0);
    deviations.put("embedding.embedding", Math.sqrt(1.0 / 64));
    deviations.put("embedding.projectionWeight", Math.sqrt(1.0 / 64));
    deviations.put("embedding.projectionBias", 0.0);
    deviations.put("logits.logitWeight", 0.0);
    deviations.put("logits.modulationWeight", 0.0);
    deviations.put("logits.modulationBias", 0.0);
    for (int layer = 0; layer < 4; layer++) {
      deviations.put("attention" + layer + ".queryKeyWeight", Math.sqrt(1 / width));
      deviations.put("attention" + layer + ".valueWeight", Math.sqrt(1 / width));
      deviations.put("attention" + layer + ".outputWeight", Math.sqrt(1 / width));
      deviations.put("feedForward" + layer + ".gateWeight", Math.sqrt(2.0 / 4 / width));
      deviations.put("feedForward" + layer + ".upWeight", Math.sqrt(2.0 / 4 / width));
      deviations.put("feedForward" + layer + ".downWeight", Math.sqrt(2.0 / 4 / hidden));
      for (String half : List.of("attention", "feedForward")) {
        deviations.put(half + layer + ".modulationWeight", 0.0);
        deviations.put(half + layer + ".modulationBias", 0.0);
      }
    }

    Map<String, double[]> parameters = new HashMap<>();
    for (GraphVertex vertex : network.graph().getVertices()) {
      vertex
          .paramTable(false)
          .forEach(
              (name, view) ->
                  parameters.put(
                      vertex.getVertexName() + "." + name, view.dup().data().asDouble()));
    }

    assertThat(parameters).containsOnlyKeys(deviations.keySet());
    parameters.forEach(
        (name, values) -> {
          double expected = deviations.get(name);
          double standardError = expected / Math.sqrt(2.0 * values.length);
          if (expected == 0) {
            assertThat(values).as(name).containsOnly(0);
          } else {
            assertThat(new StandardDeviation(false).evaluate(values))
                .as(name)
                .isCloseTo(expected, within(Tolerance.SIGMAS * standardError));
          }
        });
  }

  /** The kernels lie after the parameters of their layer, and are drawn after them. */
  @Test
  void aShortConvolutionAddsKernelsAndChangesNoOtherParameter() {
    TransformerConfig plain =
        TransformerConfig.builder(27, 8).layers(2).heads(2).headSize(8).build();
    Map<String, INDArray> before = parameters(TransformerDenoiser.create(plain, 5));

    Map<String, INDArray> after =
        parameters(TransformerDenoiser.create(plain.toBuilder().shortConvolution(7).build(), 5));

    before.forEach(
        (name, values) -> assertThat(floats(after.get(name))).as(name).isEqualTo(floats(values)));
    after.keySet().removeAll(before.keySet());
    assertThat(after)
        .containsOnlyKeys(
            "attention0.convolutionKernel",
            "attention1.convolutionKernel",
            "feedForward0.convolutionKernel",
            "feedForward1.convolutionKernel");
    after.forEach(
        (name, kernel) -> {
          assertThat(kernel.shape()).containsExactly(7, 16);
          assertHasDeviation(kernel.dup().data().asDouble(), 0.3);
        });
  }

  private static Map<String, INDArray> parameters(TransformerDenoiser network) {
    Map<String, INDArray> parameters = new HashMap<>();
    for (GraphVertex vertex : network.graph().getVertices()) {
      vertex
          .paramTable(false)
          .forEach((name, view) -> parameters.put(vertex.getVertexName() + "." + name, view));
    }
    return parameters;
  }

  @Test
  void theClassTableStartsAsAnEmbeddingAndTheConditioningReadsBothParts() {
    TransformerDenoiser network =
        TransformerDenoiser.create(
            TransformerConfig.builder(27, 8)
                .layers(1)
                .heads(1)
                .headSize(64)
                .conditioning(told -> told.classes(99))
                .build(),
            5);

    Map<String, INDArray> conditioning =
        network.graph().getVertex("conditioning").paramTable(false);
    double[] table =
        network
            .graph()
            .getVertex("classes")
            .paramTable(false)
            .get("embedding")
            .dup()
            .data()
            .asDouble();
    assertThat(table).hasSize(100 * 64);
    assertHasDeviation(table, Math.sqrt(1.0 / 64));
    for (String half : List.of("hiddenWeight", "hiddenClassWeight")) {
      assertHasDeviation(conditioning.get(half).dup().data().asDouble(), Math.sqrt(1.0 / (2 * 64)));
    }
  }

  private static void assertHasDeviation(double[] values, double expected) {
    double standardError = expected / Math.sqrt(2.0 * values.length);
    assertThat(new StandardDeviation(false).evaluate(values))
        .isCloseTo(expected, within(Tolerance.SIGMAS * standardError));
  }

  @Test
  void theSameSeedGivesTheSameParametersAndAnotherGivesOthers() {
    TransformerConfig config =
        TransformerConfig.builder(5, 4).layers(1).heads(2).headSize(8).build();

    float[] first = floats(TransformerDenoiser.create(config, 1).parameters());

    assertThat(floats(TransformerDenoiser.create(config, 1).parameters())).isEqualTo(first);
    assertThat(floats(TransformerDenoiser.create(config, 2).parameters())).isNotEqualTo(first);
  }

  @Test
  void aReplicaSharesParametersAndOwnsGradients() {
    TransformerConfig config =
        TransformerConfig.builder(5, 4).layers(1).heads(2).headSize(8).build();
    TransformerDenoiser network = scrambled(config, DataType.FLOAT);
    TransformerDenoiser replica = network.replica();
    TokenBatch tokens = TokenBatch.of(config.vocabulary(), new int[] {0, 5, 3, 5});
    DenoiserInput input = DenoiserInput.everywhere(Rows.of(tokens), new double[] {0.2});
    network.gradients().assign(7);

    replica.forwardForTraining(input, NO_DROPOUT);
    replica.backward(Nd4j.ones(DataType.FLOAT, 4, 5), false);

    assertThat(network.gradients().minNumber().doubleValue()).isEqualTo(7);
    network.parameters().muli(2);
    assertThat(floats(replica.logits(input))).isEqualTo(floats(network.logits(input)));
  }

  @Test
  void dropoutDependsOnTheExampleAndNotOnTheBatch() {
    TransformerConfig config =
        TransformerConfig.builder(5, 4)
            .layers(2)
            .heads(2)
            .headSize(8)
            .embedding(TokenEmbedding.INSIDE)
            .dropout(0.4)
            .build();
    TransformerDenoiser network = scrambled(config, DataType.FLOAT);
    Uniforms dropout = new CounterRandom(4).uniforms(Purpose.DROPOUT, 12);
    TokenBatch both =
        TokenBatch.of(config.vocabulary(), new int[] {0, 5, 3, 5}, new int[] {0, 5, 3, 5});
    double[] times = {0.5, 0.5};

    double[][] together =
        network
            .forwardForTraining(
                DenoiserInput.everywhere(Rows.of(both).withFirstExample(6), times), dropout)
            .toDoubleMatrix();
    double[][] second =
        network
            .forwardForTraining(
                DenoiserInput.everywhere(
                    Rows.of(both.rows(1, 2)).withFirstExample(7), new double[] {0.5}),
                dropout)
            .toDoubleMatrix();

    boolean rowsDiffer = false;
    for (int n = 0; n < 4; n++) {
      for (int v = 0; v < 5; v++) {
        assertThat(second[n][v]).isCloseTo(together[4 + n][v], within(FLOAT_SUMS));
        rowsDiffer |= Math.abs(together[n][v] - together[4 + n][v]) > 1e-3;
      }
    }
    assertThat(rowsDiffer).as("equal rows get different masks").isTrue();
  }

  @Test
  void dl4jSavesAndLoadsTheGraphToTheBit(@TempDir Path folder) throws IOException {
    TransformerConfig config =
        TransformerConfig.builder(5, 4).layers(2).heads(2).headSize(8).build();
    TransformerDenoiser network = scrambled(config, DataType.FLOAT);
    TokenBatch tokens = TokenBatch.of(config.vocabulary(), new int[] {0, 5, 3, 5});
    DenoiserInput input = DenoiserInput.everywhere(Rows.of(tokens), new double[] {0.2});
    float[] before = floats(network.logits(input));
    File file = folder.resolve("graph.zip").toFile();

    network.graph().save(file, false);
    ComputationGraph loaded = ComputationGraph.load(file, false);

    INDArray[] inputs = {
      Nd4j.createFromArray(new int[][] {{0, 5, 3, 5}}),
      Nd4j.createFromArray(0, 1, 2, 3),
      Nd4j.createFromArray(TimeFeatures.of(new double[] {0.2}, 8)).castTo(DataType.FLOAT)
    };
    assertThat(floats(loaded.feedForward(inputs, false, true).get("logits"))).isEqualTo(before);
    assertThat(loaded.getConfiguration()).isEqualTo(network.graph().getConfiguration());
  }

  @Test
  void saysWhatIsWrongWithAnInput() {
    TransformerDenoiser network =
        TransformerDenoiser.create(
            TransformerConfig.builder(5, 4).layers(1).heads(1).headSize(8).build(), 1);
    TokenBatch other = TokenBatch.of(new Vocabulary(7), new int[] {0, 1, 2, 3});
    TokenBatch own = TokenBatch.of(new Vocabulary(5), new int[] {0, 1, 2, 3});

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> network.logits(DenoiserInput.everywhere(Rows.of(other), new double[] {0.5})))
        .withMessage("tokens must be of the network's vocabulary, V = 5, got V = 7");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                network.logits(
                    new DenoiserInput(
                        Rows.of(own).withLabels(new int[] {1}), new double[] {0.5}, new int[] {0})))
        .withMessage("labels must be empty for a network without classes, got 1");
    TransformerDenoiser labelled =
        TransformerDenoiser.create(
            TransformerConfig.builder(5, 4)
                .layers(1)
                .heads(1)
                .headSize(8)
                .conditioning(told -> told.classes(3))
                .build(),
            1);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> labelled.logits(DenoiserInput.everywhere(Rows.of(own), new double[] {0.5})))
        .withMessage("labels must have shape [B] = [1] for a network with 3 classes, got none");
    for (int label : new int[] {4, 9}) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  labelled.logits(
                      new DenoiserInput(
                          Rows.of(own).withLabels(new int[] {label}),
                          new double[] {0.5},
                          new int[] {0})))
          .withMessage(
              "label (" + label + ") of row 0 must be in 0..3 (the last is the null label)");
    }
    network.logits(DenoiserInput.everywhere(Rows.of(own), new double[] {0.5}));
    assertThatIllegalStateException()
        .isThrownBy(() -> network.backward(Nd4j.ones(4, 5), false))
        .withMessage("forwardForTraining must be called before backward");
    DenoiserInput all = DenoiserInput.everywhere(Rows.of(own), new double[] {0.5});
    INDArray logits =
        network.forwardForTraining(all, new CounterRandom(1).uniforms(Purpose.DROPOUT, 0));
    long positions = logits.size(0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network.backward(Nd4j.ones(positions + 1, logits.size(1)), false))
        .withMessage(
            "logitGradients must have shape [P, V] = [%d, %d], that of the logits of"
                + " forwardForTraining, got [%d, %d]",
            positions, logits.size(1), positions + 1, logits.size(1));
    network.backward(logits, false);
  }

  private static float[] floats(INDArray array) {
    return array.dup().data().asFloat();
  }

  /** A network whose zero-initialised weights are not zero. */
  static TransformerDenoiser scrambled(TransformerConfig config, DataType type) {
    TransformerDenoiser network = TransformerDenoiser.create(config, 1, type);
    Uniforms uniforms = new CounterRandom(2).uniforms(Purpose.INITIALISATION, 1);
    double[] values = new double[(int) network.parameters().length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 0.4 * (uniforms.at(0, i) - 0.5);
    }
    network.parameters().addi(Nd4j.createFromArray(values).castTo(type));
    return network;
  }
}
