package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.objective.ElboTerms;
import org.md4j.objective.LogitWorkspace;
import org.md4j.objective.Objective;
import org.md4j.objective.TokenCost;
import org.md4j.objective.TokenwiseObjective;
import org.md4j.objective.TrainingLoss;
import org.md4j.objective.TrainingRows;
import org.md4j.process.NoisedBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What every {@link TokenwiseObjective} promises. An objective of your own is held to it by
 *
 * <pre>
 *   class MyObjectiveTest extends ObjectiveContract {
 *     &#64;Override
 *     protected TokenwiseObjective objective() {
 *       return new MyObjective(...);
 *     }
 *   }
 * </pre>
 *
 * <p>The cost of a prediction must be smooth in its logits, for logits between -1 and 1.
 */
public abstract class ObjectiveContract {
  private static final int LENGTH = 8;

  /** Few enough positions that none is asked about only to fill a question up. */
  private static final int ROWS = 7;

  /** So many positions that some may be asked about only to fill a question up. */
  private static final int MANY_ROWS = 41;

  /** What sums of a few hundred numbers of size up to 100 may lose, beside their own size. */
  private static final double ROUNDING = 1e-11;

  /** Step of the central differences, and what rounding and the third-order error leave. */
  private static final double DIFFERENCE_STEP = 1e-5;

  private static final double DIFFERENCE = 1e-6;

  private static final double SCALE = 0.3;

  /** The objective under test; may be a new one each call. */
  protected abstract TokenwiseObjective objective();

  /** The vocabulary the objective is tried on: five tokens, unless it needs another. */
  protected Vocabulary vocabulary() {
    return new Vocabulary(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {ROWS, MANY_ROWS})
  protected final void noiseMasksTokensAndChangesNoOther(int rows) {
    NoisedBatch batch = noised(rows);

    assertThat(batch.clean().tokens()).isEqualTo(clean(rows));
    assertThat(batch.times()).hasSize(rows);
    for (int i = 0; i < rows * LENGTH; i++) {
      assertThat(batch.noisy().token(i))
          .as("position %s", i)
          .isIn(batch.clean().tokens().token(i), vocabulary().maskId());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {ROWS, MANY_ROWS})
  protected final void noiseWeightsAndPositionsAreTheSameForAnySplitOfTheBatch(int rows) {
    NoisedBatch whole = noised(rows);
    double[] weights = objective().weights(whole);
    double[] trainingWeights = objective().trainingWeights(whole);
    int[] positions = objective().positions(whole);
    for (int b = 0; b < rows; b++) {
      int row = b;
      NoisedBatch single = noised(rows, b, b + 1);

      assertThat(single.noisy().row(0)).as("row %s", b).isEqualTo(whole.noisy().row(b));
      assertThat(single.times()[0]).as("row %s", b).isEqualTo(whole.times()[b]);
      assertThat(objective().weights(single)).as("row %s", b).containsExactly(weights[b]);
      assertThat(objective().trainingWeights(single))
          .as("row %s", b)
          .containsExactly(trainingWeights[b]);
      assertThat(objective().positions(single))
          .as("row %s", b)
          .containsExactly(
              Arrays.stream(positions)
                  .filter(position -> position / LENGTH == row)
                  .map(position -> position % LENGTH)
                  .toArray());
    }
  }

  @Test
  protected final void weightsAreFiniteAndNotNegative() {
    NoisedBatch batch = noised(MANY_ROWS);

    for (double[] weights :
        List.of(objective().weights(batch), objective().trainingWeights(batch))) {
      assertThat(weights).hasSize(MANY_ROWS);
      assertThat(Arrays.stream(weights)).allMatch(weight -> weight >= 0 && weight < 1 / 0.0);
    }
  }

  @Test
  protected final void positionsAscendWithinTheBatch() {
    int[] positions = objective().positions(noised(MANY_ROWS));

    assertThat(positions).isSorted().doesNotHaveDuplicates().isNotEmpty();
    assertThat(Arrays.stream(positions)).allMatch(i -> i >= 0 && i < MANY_ROWS * LENGTH);
  }

  @Test
  protected final void constantTermsAreFiniteAndNotNegative() {
    for (int length : new int[] {1, LENGTH}) {
      assertThat(objective().reconstruction(length, vocabulary())).isNotNegative().isFinite();
      assertThat(objective().prior(length, vocabulary())).isNotNegative().isFinite();
    }
  }

  @Test
  protected final void estimateIsTheFormulaFromItsParts() {
    NoisedBatch batch = noised(MANY_ROWS);
    double[] expected = new double[MANY_ROWS];
    int[] positions = objective().positions(batch);
    double[] costs = costs(batch, positions, 0, 0);
    double[] weights = objective().weights(batch);
    for (int p = 0; p < positions.length; p++) {
      expected[positions[p] / LENGTH] += weights[positions[p] / LENGTH] * costs[p];
    }

    List<ElboTerms> terms = estimate(batch);

    assertThat(terms).hasSize(MANY_ROWS);
    for (int b = 0; b < MANY_ROWS; b++) {
      assertThat(terms.get(b).diffusion()).as("row %s", b).isFinite();
      assertThat(terms.get(b).diffusion())
          .as("row %s", b)
          .isCloseTo(expected[b], within(rounding(expected[b])));
      assertThat(terms.get(b).reconstruction())
          .isEqualTo(objective().reconstruction(LENGTH, vocabulary()));
      assertThat(terms.get(b).prior()).isEqualTo(objective().prior(LENGTH, vocabulary()));
    }
  }

  @Test
  protected final void estimateIsTheSameForAnySplitOfTheBatch() {
    List<ElboTerms> whole = estimate(noised(MANY_ROWS));
    List<ElboTerms> parts = new ArrayList<>();
    for (int b = 0; b < MANY_ROWS; b++) {
      parts.addAll(estimate(noised(MANY_ROWS, b, b + 1)));
    }

    for (int b = 0; b < MANY_ROWS; b++) {
      double expected = whole.get(b).total();
      assertThat(parts.get(b).total())
          .as("row %s", b)
          .isCloseTo(expected, within(rounding(expected)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {ROWS, MANY_ROWS})
  protected final void trainingValueIsTheEstimateOnTheSameNoise(int rows) {
    double expected = estimate(noised(rows)).stream().mapToDouble(ElboTerms::total).sum();
    TrainingLoss whole = objective().trainingLoss(new LogitWorkspace());
    TrainingLoss parts = objective().trainingLoss(new LogitWorkspace());

    whole.add(new Recorder(), trainingRows(rows, 0, rows), SCALE);
    parts.add(new Recorder(), trainingRows(rows, 0, 2), SCALE);
    parts.add(new Recorder(), trainingRows(rows, 2, rows), SCALE);

    assertThat(whole.nats()).isCloseTo(expected, within(rounding(expected)));
    assertThat(parts.nats()).isCloseTo(expected, within(rounding(expected)));
  }

  /** The loss is the sum of costs, weighted as in training; what is not asked about has none. */
  @ParameterizedTest
  @ValueSource(ints = {ROWS, MANY_ROWS})
  protected final void trainingGradientIsThatOfCentralDifferences(int rows) {
    Recorder network = new Recorder();
    objective().trainingLoss(new LogitWorkspace()).add(network, trainingRows(rows, 0, rows), SCALE);
    NoisedBatch batch = noised(rows);
    int[] positions = objective().positions(batch);
    double[] weights = objective().trainingWeights(batch);
    int size = vocabulary().size();
    double[][] slopes = new double[rows * LENGTH][size];
    for (int v = 0; v < size; v++) {
      double[] above = costs(batch, positions, v, DIFFERENCE_STEP);
      double[] below = costs(batch, positions, v, -DIFFERENCE_STEP);
      for (int p = 0; p < positions.length; p++) {
        slopes[positions[p]][v] =
            weights[positions[p] / LENGTH] * (above[p] - below[p]) / (2 * DIFFERENCE_STEP);
      }
    }

    assertThat(network.asked).contains(positions);
    assertThat(network.gradient).hasDimensions(network.asked.length, size);
    for (int p = 0; p < network.asked.length; p++) {
      for (int v = 0; v < size; v++) {
        double slope = SCALE * slopes[network.asked[p]][v];
        assertThat(network.gradient[p][v])
            .as("position %s, logit %s", network.asked[p], v)
            .isCloseTo(slope, within(DIFFERENCE * (1 + weights[network.asked[p] / LENGTH])));
      }
    }
  }

  /** The costs at some positions, with the logit of one token moved at each of them. */
  private double[] costs(NoisedBatch batch, int[] positions, int token, double by) {
    INDArray logits = logits(batch.question(positions));
    logits.getColumn(token).addi(by);
    int[] targets = Arrays.stream(positions).map(batch.clean().tokens()::token).toArray();
    TokenCost cost = objective().cost(new LogitWorkspace());
    return cost.natsInPlace(logits, targets);
  }

  private List<ElboTerms> estimate(NoisedBatch batch) {
    Objective objective = objective();
    return objective.estimate(batch, this::logits);
  }

  private NoisedBatch noised(int rows) {
    return noised(rows, 0, rows);
  }

  /** Some of the rows of a batch, noised by themselves. */
  private NoisedBatch noised(int rows, int from, int to) {
    return objective()
        .noise(
            Rows.of(clean(rows).rows(from, to)).withFirstExample(from),
            levels(rows, from, to),
            masks());
  }

  private TrainingRows trainingRows(int rows, int from, int to) {
    return new TrainingRows(
        Rows.of(clean(rows).rows(from, to)).withFirstExample(from),
        levels(rows, from, to),
        masks(),
        masks());
  }

  private TokenBatch clean(int rows) {
    int size = vocabulary().size();
    int[] tokens = new int[rows * LENGTH];
    Arrays.setAll(tokens, i -> (i * i + i / LENGTH) % size);
    return TokenBatch.ofFlat(vocabulary(), rows, tokens);
  }

  /** Levels spread over (0, 1) in no order. */
  private static double[] levels(int rows, int from, int to) {
    return IntStream.range(from, to).mapToDouble(b -> (b * 5 % rows + 0.37) / rows).toArray();
  }

  private static Uniforms masks() {
    return new CounterRandom(5).uniforms(Purpose.MASK, 0);
  }

  private static double rounding(double value) {
    return ROUNDING * (1 + Math.abs(value));
  }

  /** Logits between -1 and 1 that depend on position, context and time, DOUBLE. */
  private INDArray logits(DenoiserInput input) {
    int size = vocabulary().size();
    double[] logits = new double[input.positions().length * size];
    for (int p = 0; p < input.positions().length; p++) {
      int row = input.positions()[p] / LENGTH;
      int position = input.positions()[p] % LENGTH;
      double context = 0.7 * input.times()[row];
      for (int n = 0; n < LENGTH; n++) {
        context += (n + 1) * input.tokens().token(row, n);
      }
      for (int v = 0; v < size; v++) {
        logits[p * size + v] = Math.sin(1 + 1.3 * position + 2.1 * v + context);
      }
    }
    return Nd4j.createFromArray(logits).reshape('c', input.positions().length, size);
  }

  /** Keeps what it was asked in training, and the gradient it was given. */
  private final class Recorder implements DifferentiableDenoiser {
    private int[] asked = {};
    private double[][] gradient = {};

    @Override
    public INDArray logits(DenoiserInput input) {
      return ObjectiveContract.this.logits(input);
    }

    @Override
    public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
      asked = input.positions();
      return logits(input);
    }

    @Override
    public void backward(INDArray logitGradients, boolean accumulate) {
      gradient = logitGradients.toDoubleMatrix();
    }
  }
}
