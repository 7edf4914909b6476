package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.golden.GoldenVectors;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class MaskedCrossEntropyTest {
  private static final double STEP = 1e-5;

  /** {@code grad/logits_one_masked_token}, the MD4 part. */
  @Test
  void lossAndGradientOfOneTokenAreTheGoldenOnes() {
    String id = "grad/logits_one_masked_token";
    JsonNode inputs = GoldenVectors.inputs(id);
    JsonNode expected = GoldenVectors.expected(id);
    int target = inputs.get("x0").intValue();
    double[] logits = new double[inputs.get("logits").size()];
    Arrays.setAll(logits, v -> inputs.get("logits").get(v).doubleValue());
    Vocabulary vocabulary = new Vocabulary(logits.length);
    NoisedBatch batch =
        NoisedBatch.of(
            Rows.of(TokenBatch.of(vocabulary, new int[] {target})),
            TokenBatch.allMasked(vocabulary, 1, 1),
            new double[] {inputs.get("t").doubleValue()});
    double[] weights = new ContinuousTimeElbo(MaskingSchedule.linear()).weights(batch);
    INDArray probabilities = Nd4j.createFromArray(new double[][] {logits});
    INDArray gradient = probabilities.dup();

    double[] nats = new MaskedCrossEntropy().natsInPlace(probabilities, new int[] {target});
    double[] sameNats =
        new MaskedCrossEntropy().natsAndGradientInPlace(gradient, new int[] {target}, weights);

    assertThat(sameNats).containsExactly(nats);
    GoldenVectors.assertMatches(id, "loss", weights[0] * nats[0], expected.get("md4_loss"));
    for (int v = 0; v < logits.length; v++) {
      GoldenVectors.assertMatches(
          id, "probability", probabilities.getDouble(0, v), expected.get("probs").get(v));
      GoldenVectors.assertMatches(
          id, "gradient", gradient.getDouble(0, v), expected.get("md4_grad").get(v));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT, 3, 3", "FLOAT, 27, 3", "FLOAT, 1000, 3", "FLOAT, 27, 1000", "FLOAT, 1, 3",
    "DOUBLE, 3, 3", "DOUBLE, 27, 3", "DOUBLE, 1000, 3", "DOUBLE, 27, 1000", "DOUBLE, 2, 1000"
  })
  void matchesPlainArithmeticWhateverTheNumberOfRows(DataType type, int classes, double scale) {
    MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
    Random random = new Random(7);

    // Grows, shrinks, and with 1000 classes needs more than one block of one-hot rows.
    for (int rows : new int[] {5, 1, 130, 2, 700, 699, 1, 300}) {
      double[][] logits = logits(random, type, rows, classes, scale);
      int[] targets = random.ints(rows, 0, classes).toArray();
      double[] weights = random.doubles(rows, 0, 10).toArray();
      INDArray softmax = Nd4j.createFromArray(logits).castTo(type);
      INDArray gradient = softmax.dup();

      double[] nats = crossEntropy.natsInPlace(softmax, targets);
      double[] natsAgain = crossEntropy.natsAndGradientInPlace(gradient, targets, weights);

      assertThat(natsAgain).containsExactly(nats);
      assertMatchesPlainArithmetic(logits, targets, weights, nats, softmax, gradient);
    }
  }

  private static void assertMatchesPlainArithmetic(
      double[][] logits,
      int[] targets,
      double[] weights,
      double[] nats,
      INDArray softmax,
      INDArray gradient) {
    double relative =
        softmax.dataType() == DataType.FLOAT ? Tolerance.EXACT_FLOAT : Tolerance.EXACT_DOUBLE;
    double[][] actualSoftmax = softmax.toDoubleMatrix();
    double[][] actualGradient = gradient.toDoubleMatrix();
    double natsError = 0;
    double softmaxError = 0;
    double gradientError = 0;
    for (int p = 0; p < targets.length; p++) {
      double largest = Arrays.stream(logits[p]).max().orElseThrow();
      double total = Arrays.stream(logits[p]).map(l -> Math.exp(l - largest)).sum();
      double expectedNats = largest + Math.log(total) - logits[p][targets[p]];
      natsError = worse(natsError, nats[p], expectedNats, Math.max(1, expectedNats));
      for (int v = 0; v < logits[p].length; v++) {
        double probability = Math.exp(logits[p][v] - largest) / total;
        double slope = weights[p] * (probability - (v == targets[p] ? 1 : 0));
        softmaxError = worse(softmaxError, actualSoftmax[p][v], probability, 1);
        gradientError = worse(gradientError, actualGradient[p][v], slope, Math.max(1, weights[p]));
      }
    }
    assertThat(natsError).as("nats of %s rows", targets.length).isLessThan(relative);
    assertThat(softmaxError).as("softmax of %s rows", targets.length).isLessThan(relative);
    assertThat(gradientError).as("gradient of %s rows", targets.length).isLessThan(relative);
  }

  /** The greater of an error so far and a new one; not a number stays. */
  private static double worse(double error, double actual, double expected, double scale) {
    return Math.max(error, Math.abs(actual - expected) / scale);
  }

  /** Random logits, rounded to float where that is what the device sees. */
  private static double[][] logits(
      Random random, DataType type, int rows, int classes, double scale) {
    double[][] logits = new double[rows][classes];
    for (double[] row : logits) {
      Arrays.setAll(
          row,
          v -> {
            double logit = scale * random.nextGaussian();
            return type == DataType.FLOAT ? (float) logit : logit;
          });
    }
    return logits;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void extremeLogitsGiveFiniteExactValues(DataType type) {
    // The third row is where M2.1's own softmax fails in double.
    double[][] logits = {{1e3, -1e3, 0}, {1e3, -1e3, 0}, {-1e3, -1e3, -1e3}, {1e3, 1e3, -1e3}};
    int[] targets = {0, 1, 2, 0};
    double[] expected = {0, 2e3, Math.log(3), Math.log(2)};
    INDArray gradient = Nd4j.createFromArray(logits).castTo(type);

    double[] nats =
        new MaskedCrossEntropy()
            .natsAndGradientInPlace(gradient, targets, new double[] {1, 1, 3, 2});

    for (int p = 0; p < expected.length; p++) {
      assertThat(nats[p]).isCloseTo(expected[p], within(Tolerance.EXACT_FLOAT));
    }
    double[][] slopes = {{0, 0, 0}, {1, -1, 0}, {1, 1, -2}, {-1, 1, 0}};
    for (int p = 0; p < slopes.length; p++) {
      for (int v = 0; v < 3; v++) {
        assertThat(gradient.getDouble(p, v))
            .as("row %s, class %s", p, v)
            .isCloseTo(slopes[p][v], within(Tolerance.EXACT_FLOAT));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void logitsThatAreNotFiniteDoNotPassUnnoticed(DataType type) {
    double[][] logits = {
      {Double.NaN, 0, 0}, {0, Double.NaN, 0}, {Double.POSITIVE_INFINITY, 0, 0}, {1, 0, 0}
    };

    double[] nats =
        new MaskedCrossEntropy()
            .natsInPlace(Nd4j.createFromArray(logits).castTo(type), new int[] {0, 0, 1, 0});

    assertThat(Arrays.stream(nats).mapToObj(Double::isFinite))
        .containsExactly(false, false, false, true);
  }

  @Test
  void gradientMatchesCentralDifferencesOfTheWeightedLoss() {
    int rows = 4;
    int classes = 5;
    Random random = new Random(11);
    double[][] logits = logits(random, DataType.DOUBLE, rows, classes, 2);
    int[] targets = {4, 0, 2, 2};
    double[] weights = {0.5, 3, 0, 1.7};
    INDArray gradient = Nd4j.createFromArray(logits);
    new MaskedCrossEntropy().natsAndGradientInPlace(gradient, targets, weights);

    for (int p = 0; p < rows; p++) {
      for (int v = 0; v < classes; v++) {
        double logit = logits[p][v];
        logits[p][v] = logit + STEP;
        double above = loss(logits, targets, weights);
        logits[p][v] = logit - STEP;
        double below = loss(logits, targets, weights);
        logits[p][v] = logit;
        assertThat(gradient.getDouble(p, v))
            .isCloseTo((above - below) / (2 * STEP), within(Tolerance.FINITE_DIFFERENCE));
      }
    }
  }

  private static double loss(double[][] logits, int[] targets, double[] weights) {
    double[] nats = new MaskedCrossEntropy().natsInPlace(Nd4j.createFromArray(logits), targets);
    double loss = 0;
    for (int p = 0; p < nats.length; p++) {
      loss += weights[p] * nats[p];
    }
    return loss;
  }

  @Test
  void firstRowsOfALargerBufferAreWrittenAndNoOthers() {
    INDArray buffer = Nd4j.ones(DataType.FLOAT, 6, 3);
    INDArray first = buffer.get(NDArrayIndex.interval(0, 4), NDArrayIndex.all());

    new MaskedCrossEntropy()
        .natsAndGradientInPlace(first, new int[] {0, 1, 2, 0}, new double[] {3, 3, 3, 3});

    assertThat(buffer.getDouble(0, 0)).isCloseTo(-2, within(Tolerance.EXACT_FLOAT));
    assertThat(buffer.getDouble(3, 1)).isCloseTo(1, within(Tolerance.EXACT_FLOAT));
    assertThat(buffer.getRow(4).toDoubleVector()).containsExactly(1, 1, 1);
    assertThat(buffer.getRow(5).toDoubleVector()).containsExactly(1, 1, 1);
  }

  /** Scratch must outlive the workspace that happens to be open when it is made. */
  @Test
  void survivesTheWorkspaceItWasFirstUsedIn() {
    MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
    WorkspaceConfiguration configuration =
        WorkspaceConfiguration.builder().initialSize(1 << 20).build();
    int[] targets = {0, 1};
    double[] weights = {1, 1};
    double[] inside;
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "first use")) {
      assertThat(workspace.getId()).isEqualTo("first use");
      inside =
          crossEntropy.natsAndGradientInPlace(
              Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}}), targets, weights);
    }

    double[] outside =
        crossEntropy.natsAndGradientInPlace(
            Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}}), targets, weights);

    assertThat(outside).containsExactly(inside);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 3})
  void rejectsATargetOutsideTheVocabulary(int target) {
    INDArray logits = Nd4j.ones(DataType.FLOAT, 1, 3);

    assertThatThrownBy(() -> new MaskedCrossEntropy().natsInPlace(logits, new int[] {target}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("targets[0] (" + target + ") must be in 0..2; the mask has no logit");
    assertThat(logits.toFloatMatrix()[0]).containsExactly(1, 1, 1);
  }

  @Test
  void rejectsLogitsOfTheWrongShapeTypeOrOrder() {
    MaskedCrossEntropy crossEntropy = new MaskedCrossEntropy();
    int[] targets = {0, 1};

    assertThatThrownBy(() -> crossEntropy.natsInPlace(Nd4j.ones(DataType.FLOAT, 3, 4), targets))
        .hasMessage("logits must have shape [P, V] with P = 2 targets (at least 1), got [3, 4]");
    assertThatThrownBy(() -> crossEntropy.natsInPlace(Nd4j.ones(DataType.INT32, 2, 4), targets))
        .hasMessage("logits must be FLOAT or DOUBLE, got INT; cast them first");
    assertThatThrownBy(
            () -> crossEntropy.natsInPlace(Nd4j.ones(DataType.FLOAT, 2, 4).dup('f'), targets))
        .hasMessageStartingWith("logits must be dense in c order, got strides [1, 2]");
    assertThatThrownBy(
            () ->
                crossEntropy.natsInPlace(
                    Nd4j.ones(DataType.FLOAT, 2, 4)
                        .get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2)),
                    targets))
        .hasMessageStartingWith("logits must be dense in c order, got strides [4, 1]");
    assertThatThrownBy(
            () ->
                crossEntropy.natsAndGradientInPlace(
                    Nd4j.ones(DataType.FLOAT, 2, 4), targets, new double[] {1}))
        .hasMessage("weights must have shape [P] = [2], got [1]");
  }
}
