package org.md4j.models.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.md4j.contract.DenoiserContract;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.model.NetworkConfig;
import org.md4j.model.TrainableDenoiser;
import org.md4j.model.layer.ParameterMatrix;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What every {@link TrainableDenoiser} promises, beside what every denoiser does. A network of your
 * own is held to it by extending this class and handing it the network.
 *
 * <p>Gradients are compared with central differences, which say more about a network in DOUBLE than
 * about one in FLOAT: hand it one in DOUBLE if there is such a one.
 *
 * <p>The tests need an ND4J backend on the class path.
 */
public abstract class TrainableDenoiserContract extends DenoiserContract {
  private static final int ROWS = 3;
  private static final int DIRECTIONS = 4;
  private static final int ENTRIES = 40;
  private static final CounterRandom RANDOM = new CounterRandom(31);

  /** Sums taken in another order, relative to the largest value. */
  private static final double FLOAT_ROUNDING = 1e-4;

  private static final double DOUBLE_ROUNDING = 1e-10;

  /** Steps of central differences, and what truncation and cancellation leave of a derivative. */
  private static final double FLOAT_STEP = 1e-2;

  private static final double FLOAT_DIFFERENCE = 2e-2;
  private static final double DOUBLE_STEP = 1e-5;
  private static final double DOUBLE_DIFFERENCE = 1e-6;

  /**
   * The network under test, with parameters of which none leaves others without effect; may be the
   * same object each call. Its parameters are left as they were.
   */
  protected abstract TrainableDenoiser network();

  @Override
  protected final Denoiser denoiser() {
    return network();
  }

  @Override
  protected final Vocabulary vocabulary() {
    return network().vocabulary();
  }

  @Override
  protected int length() {
    return network().config().length();
  }

  @Override
  protected final int classes() {
    return network().classes();
  }

  @Test
  protected final void parametersAndGradientsAreFlatVectorsOfOneLengthAndType() {
    TrainableDenoiser network = network();

    assertThat(network.parameters().rank()).isEqualTo(1);
    assertThat(network.gradients().shape()).isEqualTo(network.parameters().shape());
    assertThat(network.parameters().dataType()).isIn(DataType.FLOAT, DataType.DOUBLE);
    assertThat(network.gradients().dataType()).isEqualTo(network.parameters().dataType());
  }

  @Test
  protected final void matricesLieInOrderApartAndWithinTheParameters() {
    TrainableDenoiser network = network();
    long end = 0;
    for (ParameterMatrix matrix : network.matrices()) {
      assertThat(matrix.offset()).isGreaterThanOrEqualTo(end);
      end = matrix.end();
    }

    assertThat(end).isLessThanOrEqualTo(network.parameters().length());
    assertThat(network.replica().matrices()).isEqualTo(network.matrices());
  }

  @Test
  protected final void replicasShareTheParameters() {
    TrainableDenoiser network = network();
    TrainableDenoiser replica = network.replica();
    DenoiserInput question = question(ROWS);
    double[] before = values(network.logits(question));
    assertThat(values(replica.logits(question))).containsExactly(before);

    withParameters(
        network,
        Arrays.stream(values(network.parameters())).map(p -> 1.5 * p).toArray(),
        () -> {
          double[] after = values(network.logits(question));

          assertThat(after).isNotEqualTo(before);
          assertThat(values(replica.logits(question))).containsExactly(after);
        });
  }

  @Test
  protected final void gradientsAreAReplicasOwn() {
    TrainableDenoiser network = network();
    TrainableDenoiser replica = network.replica();
    double[] expected = gradient(network, ROWS, false);
    gradient(replica, 1, false);

    assertThat(values(network.gradients())).containsExactly(expected);
    assertThat(values(replica.gradients())).isNotEqualTo(expected);
  }

  @Test
  protected final void gradientsAreCentralDifferencesOfAWeightedSumOfLogits() {
    TrainableDenoiser network = network();
    double[] gradient = gradient(network, ROWS, false);
    for (int entry = 0; entry < Math.min(ENTRIES, gradient.length); entry++) {
      int index = (int) ((long) gradient.length * entry / Math.min(ENTRIES, gradient.length));
      double[] direction = new double[gradient.length];
      direction[index] = 1;

      assertThat(slope(network, direction))
          .as("derivative in parameter %s", index)
          .isCloseTo(gradient[index], difference(network, gradient));
    }
  }

  @Test
  protected final void gradientsOfAllParametersTogetherAreCentralDifferences() {
    TrainableDenoiser network = network();
    double[] gradient = gradient(network, ROWS, false);
    for (int d = 0; d < DIRECTIONS; d++) {
      Uniforms uniforms = RANDOM.uniforms(Purpose.INITIALISATION, d);
      double norm = Math.sqrt(gradient.length);
      double[] direction =
          IntStream.range(0, gradient.length)
              .mapToDouble(i -> (2 * uniforms.at(0, i) - 1) / norm)
              .toArray();
      double expected =
          IntStream.range(0, gradient.length).mapToDouble(i -> direction[i] * gradient[i]).sum();

      assertThat(slope(network, direction))
          .as("derivative in direction %s", d)
          .isCloseTo(expected, difference(network, gradient));
    }
  }

  @Test
  protected final void accumulatingAddsAndNotAccumulatingReplaces() {
    TrainableDenoiser network = network();
    double[] ofOne = gradient(network, 1, false);
    double[] ofAll = gradient(network, ROWS, false);

    double[] sum = gradient(network, 1, true);

    double[] expected = new double[sum.length];
    Arrays.setAll(expected, i -> ofOne[i] + ofAll[i]);
    assertThat(sum).containsExactly(expected, rounding(network, expected));
  }

  @Test
  protected final void trainingGivesTheGradientsOfForwardAndBackward() {
    TrainableDenoiser network = network();
    double[] expected = gradient(network, ROWS, false);
    DenoiserInput question = question(ROWS);
    INDArray weights = weights(forward(network, ROWS));

    for (int pass = 1; pass <= 2; pass++) {
      network.train(
          question,
          RANDOM.uniforms(Purpose.DROPOUT, 0),
          (from, logits) ->
              logits.assign(
                  weights.get(
                      NDArrayIndex.interval(from, from + logits.size(0)), NDArrayIndex.all())),
          pass == 2);

      int times = pass;
      double[] sum = Arrays.stream(expected).map(value -> times * value).toArray();
      assertThat(values(network.gradients())).containsExactly(sum, rounding(network, sum));
    }
  }

  @Test
  protected final void backwardWantsAForwardPassForTraining() {
    TrainableDenoiser replica = network().replica();
    INDArray weights = Nd4j.ones(replica.parameters().dataType(), 1, vocabulary().size());

    assertThatThrownBy(() -> replica.backward(weights, false))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  protected final void logitsInMemoryOfTheCallersAreTheSame() {
    TrainableDenoiser network = network();
    DenoiserInput question = question(ROWS);
    double[] expected = values(network.logits(question));
    INDArray out =
        Nd4j.valueArrayOf(
            new long[] {question.positions().length, vocabulary().size()},
            7.0,
            network.parameters().dataType());

    network.logits(question, out);

    assertThat(values(out)).containsExactly(expected, rounding(network, expected));
  }

  @Test
  protected final void theConfigMakesNetworksOfThisShapeBySeed() {
    TrainableDenoiser network = network();
    NetworkConfig config = network.config();
    TrainableDenoiser made = config.create(3);

    assertThat(made.config()).isEqualTo(config);
    assertThat(made.vocabulary()).isEqualTo(config.vocabulary());
    assertThat(made.classes()).isEqualTo(config.classes());
    assertThat(made.parameters().length()).isEqualTo(network.parameters().length());
    assertThat(made.parameters().dataType()).isEqualTo(DataType.FLOAT);
    assertThat(values(config.create(3).parameters())).containsExactly(values(made.parameters()));
  }

  @Test
  protected final void withTheParametersOfThisNetworkAMadeOneAnswersLikeIt() {
    TrainableDenoiser network = network();
    DenoiserInput question = question(ROWS);
    double[] expected = values(network.logits(question));
    TrainableDenoiser made = network.config().create(3);

    made.parameters().assign(network.parameters().castTo(DataType.FLOAT));

    assertThat(values(made.logits(question))).containsExactly(expected, rounding(made, expected));
  }

  /** The gradient of {@link #weightedSum} of so many rows, added to what there is or alone. */
  private double[] gradient(TrainableDenoiser network, int rows, boolean accumulate) {
    INDArray logits = forward(network, rows);
    network.backward(weights(logits), accumulate);
    return values(network.gradients());
  }

  private double slope(TrainableDenoiser network, double[] direction) {
    boolean exact = network.parameters().dataType() == DataType.DOUBLE;
    double step = exact ? DOUBLE_STEP : FLOAT_STEP;
    double[] start = values(network.parameters());
    double[] sums = new double[2];
    for (int side = 0; side < 2; side++) {
      double offset = side == 0 ? -step : step;
      double[] moved = new double[start.length];
      Arrays.setAll(moved, i -> start[i] + offset * direction[i]);
      int at = side;
      withParameters(network, moved, () -> sums[at] = weightedSum(network));
    }
    return (sums[1] - sums[0]) / (2 * step);
  }

  /** What is differentiated: the logits, each times a number of its own. */
  private double weightedSum(TrainableDenoiser network) {
    INDArray logits = forward(network, ROWS);
    double[] weights = values(weights(logits));
    double[] values = values(logits);
    return IntStream.range(0, values.length).mapToDouble(i -> weights[i] * values[i]).sum();
  }

  private INDArray forward(TrainableDenoiser network, int rows) {
    return network.forwardForTraining(question(rows), RANDOM.uniforms(Purpose.DROPOUT, 0));
  }

  private static INDArray weights(INDArray logits) {
    Uniforms uniforms = RANDOM.uniforms(Purpose.TOKEN, 0);
    double[][] weights = new double[(int) logits.size(0)][(int) logits.size(1)];
    for (int p = 0; p < weights.length; p++) {
      int row = p;
      Arrays.setAll(weights[p], v -> uniforms.at(row, v) - 0.5);
    }
    return Nd4j.createFromArray(weights).castTo(logits.dataType());
  }

  /** Runs something with other parameters in the network's own vector. */
  private static void withParameters(
      TrainableDenoiser network, double[] parameters, Runnable task) {
    INDArray kept = network.parameters().dup();
    network
        .parameters()
        .assign(Nd4j.createFromArray(parameters).castTo(network.parameters().dataType()));
    try {
      task.run();
    } finally {
      network.parameters().assign(kept);
    }
  }

  private static double[] values(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  private static Offset<Double> rounding(TrainableDenoiser network, double[] expected) {
    boolean exact = network.parameters().dataType() == DataType.DOUBLE;
    return within((exact ? DOUBLE_ROUNDING : FLOAT_ROUNDING) * (1 + largest(expected)));
  }

  private static Offset<Double> difference(TrainableDenoiser network, double[] gradient) {
    boolean exact = network.parameters().dataType() == DataType.DOUBLE;
    return within((exact ? DOUBLE_DIFFERENCE : FLOAT_DIFFERENCE) * (1 + largest(gradient)));
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }
}
