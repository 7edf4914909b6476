package org.md4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.diffusion.Model;
import org.md4j.model.text.TransformerConfig;
import org.md4j.model.text.TransformerDenoiser;
import org.md4j.objective.ElboTerms;
import org.md4j.objective.LogitWorkspace;
import org.md4j.objective.Objective;
import org.md4j.objective.StateDependentLoss;
import org.md4j.objective.TrainingLoss;
import org.md4j.objective.TrainingRows;
import org.md4j.process.NoisedBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds a network of GPT-2's vocabulary, whose logits come in blocks, to itself with all of them at
 * once: losses, gradients and bounds.
 */
class LargeVocabularyTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(50_257);

  /** Products of other shapes, summed in another order. */
  private static final double ROUNDING = 1e-10;

  /** The same in 32 bits. */
  private static final double SINGLE_ROUNDING = 1e-4;

  /** The same in 32 bits, with logits rounded to bfloat16 before products. */
  private static final double MIXED_ROUNDING = 2e-2;

  private static final CounterRandom RANDOM = new CounterRandom(4);

  /** A network that has only the methods that want all logits at once. */
  private record AllAtOnce(TrainableDenoiser network) implements DifferentiableDenoiser {
    @Override
    public INDArray logits(DenoiserInput input) {
      return network.logits(input);
    }

    @Override
    public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
      return network.forwardForTraining(input, dropout);
    }

    @Override
    public void backward(INDArray logitGradients, boolean accumulate) {
      network.backward(logitGradients, accumulate);
    }
  }

  private static TransformerDenoiser network(int length, DataType type, ComputeBackend backend) {
    TransformerConfig config =
        TransformerConfig.builder(VOCABULARY.size(), length)
            .layers(1)
            .heads(1)
            .headSize(8)
            .dropout(0.1)
            .build();
    TransformerDenoiser network = TransformerDenoiser.create(config, 3, type, backend);
    Uniforms uniforms = RANDOM.uniforms(Purpose.INITIALISATION, 1);
    double[] parameters = new double[(int) network.parameters().length()];
    Arrays.setAll(parameters, i -> 0.4 * (uniforms.at(0, i) - 0.5));
    network.parameters().assign(Nd4j.createFromArray(parameters).castTo(type));
    return network;
  }

  private static TrainingRows rows(int length, double... levels) {
    Uniforms uniforms = RANDOM.uniforms(Purpose.DATA, 0);
    int[] tokens = new int[levels.length * length];
    Arrays.setAll(tokens, i -> (int) (uniforms.at(0, i) * VOCABULARY.size()));
    return new TrainingRows(
        Rows.of(TokenBatch.ofFlat(VOCABULARY, levels.length, tokens)),
        levels,
        RANDOM.uniforms(Purpose.MASK, 0),
        RANDOM.uniforms(Purpose.DROPOUT, 0));
  }

  /** Numbers of masks that fill one block and a little, or several; two passes a step. */
  static Stream<Arguments> losses() {
    return Stream.of(
        Arguments.of(Model.MD4, 340, new double[] {0.999}),
        Arguments.of(Model.MD4, 300, new double[] {0.9, 0.95, 0.99}),
        Arguments.of(Model.GENMD4, 400, new double[] {0.6, 0.97}));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossAndGradientsAreThoseOfAllLogitsAtOnce(Model model, int length, double[] levels) {
    TransformerDenoiser network = network(length, DataType.DOUBLE, ComputeBackend.preferred());
    TrainingRows rows = rows(length, levels);
    Objective objective = model.objective(VOCABULARY, null);

    TrainingLoss inBlocks = objective.trainingLoss(new LogitWorkspace());
    inBlocks.add(network, rows, 1e-3);
    inBlocks.add(network, rows, 1e-3);
    double[] gradients = values(network.gradients());
    TrainingLoss atOnce = objective.trainingLoss(new LogitWorkspace());
    atOnce.add(new AllAtOnce(network), rows, 1e-3);
    atOnce.add(new AllAtOnce(network), rows, 1e-3);

    assertThat(inBlocks.nats()).isCloseTo(atOnce.nats(), within(ROUNDING * atOnce.nats()));
    double[] expected = values(network.gradients());
    assertThat(largest(expected)).isPositive();
    if (atOnce instanceof StateDependentLoss whole
        && inBlocks instanceof StateDependentLoss parts) {
      double[] ofSchedule = whole.parameterGradient();
      assertThat(largest(ofSchedule)).isPositive();
      assertThat(distance(parts.parameterGradient(), ofSchedule))
          .isLessThan(ROUNDING * largest(ofSchedule));
    }
    assertThat(distance(gradients, expected)).isLessThan(ROUNDING * largest(expected));
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD4", "GENMD4"})
  void boundsAreThoseOfAllLogitsAtOnce(String model) {
    int length = 400;
    TransformerDenoiser network = network(length, DataType.DOUBLE, ComputeBackend.preferred());
    Objective objective = Model.valueOf(model).objective(VOCABULARY, null);
    TrainingRows rows = rows(length, 0.9, 0.99);
    NoisedBatch batch = objective.noise(rows.clean(), rows.levels(), rows.masks());
    List<ElboTerms> atOnce = objective.estimate(batch, new AllAtOnce(network));
    List<List<ElboTerms>> inBlocks = new ArrayList<>();
    inBlocks.add(objective.estimate(batch, network));
    try (ReplicaPool pool = new ReplicaPool(2)) {
      inBlocks.add(objective.estimate(batch, ParallelDenoiser.of(pool, network)));
    }

    for (List<ElboTerms> terms : inBlocks) {
      for (int row = 0; row < atOnce.size(); row++) {
        double expected = atOnce.get(row).total();
        assertThat(terms.get(row).total()).isCloseTo(expected, within(ROUNDING * expected));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F32", "BF16"})
  void mixedPrecisionRoundsBlocksAsItRoundsAllLogits(String precision) {
    int length = 400;
    TransformerDenoiser network =
        network(length, DataType.FLOAT, ComputeBackend.preferred(Precision.valueOf(precision)));
    TrainingRows rows = rows(length, 0.99);
    Objective objective = Model.MD4.objective(VOCABULARY, null);

    objective.trainingLoss(new LogitWorkspace()).add(network, rows, 1e-3);
    double[] gradients = values(network.gradients());
    objective.trainingLoss(new LogitWorkspace()).add(new AllAtOnce(network), rows, 1e-3);

    double[] expected = values(network.gradients());
    double rounding = precision.equals("BF16") ? MIXED_ROUNDING : SINGLE_ROUNDING;
    assertThat(distance(gradients, expected)).isLessThan(rounding * largest(expected));
  }

  private static double[] values(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  /** The largest difference of two entries. */
  private static double distance(double[] actual, double[] expected) {
    double[] difference = new double[expected.length];
    Arrays.setAll(difference, i -> actual[i] - expected[i]);
    return largest(difference);
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }
}
