package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.md4j.Tolerance;
import org.md4j.array.MatrixRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HostCostTest {
  private static final HostCost CROSS_ENTROPY = new HostCost(HostCostTest::crossEntropy);

  private static double crossEntropy(double[] logits, int target, double[] gradient) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    Arrays.setAll(gradient, v -> Math.exp(logits[v]) / sum - (v == target ? 1 : 0));
    return Math.log(sum) - logits[target];
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT", "DOUBLE"})
  void crossEntropyWrittenOnTheHostIsOurs(DataType type) {
    double rounding = type == DataType.FLOAT ? Tolerance.EXACT_FLOAT : Tolerance.EXACT_DOUBLE;
    Random random = new Random(9);
    INDArray logits =
        Nd4j.createFromArray(random.doubles(40, -2, 2).toArray()).castTo(type).reshape('c', 8, 5);
    int[] targets = random.ints(8, 0, 5).toArray();
    double[] weights = random.doubles(8).toArray();
    INDArray expected = logits.dup('c');
    INDArray gradient = logits.dup('c');

    double[] expectedNats =
        new MaskedCrossEntropy().natsAndGradientInPlace(expected, targets, weights);

    assertThat(CROSS_ENTROPY.natsInPlace(logits, targets))
        .containsExactly(expectedNats, within(rounding));
    assertThat(CROSS_ENTROPY.natsAndGradientInPlace(gradient, targets, weights))
        .containsExactly(expectedNats, within(rounding));
    assertThat(MatrixRows.toHost(gradient))
        .containsExactly(MatrixRows.toHost(expected), within(rounding));
  }

  @Test
  void positionsOfNoWeightHaveNoGradientEvenOfACostThatIsNotFinite() {
    HostCost infinite =
        new HostCost(
            (logits, target, gradient) -> {
              Arrays.fill(gradient, Double.POSITIVE_INFINITY);
              return Double.NaN;
            });
    INDArray logits = Nd4j.ones(DataType.DOUBLE, 1, 3);

    double[] nats = infinite.natsAndGradientInPlace(logits, new int[] {1}, new double[] {0});

    assertThat(nats).containsExactly(Double.NaN);
    assertThat(MatrixRows.toHost(logits)).containsExactly(0, 0, 0);
  }

  @Test
  void wrongArgumentsAreRefusedBeforeAnythingIsComputed() {
    INDArray logits = Nd4j.ones(DataType.DOUBLE, 2, 3);

    assertThatThrownBy(() -> CROSS_ENTROPY.natsInPlace(logits, new int[] {0, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("targets[1] (3) must be in 0..2");
    assertThatThrownBy(
            () -> CROSS_ENTROPY.natsAndGradientInPlace(logits, new int[] {0, 1}, new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weights must have shape [P] = [2], got [1]");
    assertThat(MatrixRows.toHost(logits)).containsOnly(1);
  }
}
