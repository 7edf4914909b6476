package org.md4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.model.ReplicaPool;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FlatOptimizerTest {
  private static final AdamW ADAMW = AdamW.of(0.1, 0.2);

  /** A handful of float operations on values of order 1. */
  private static final float ROUNDING = 1e-6f;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void addsTheReplicasGradientsAndReturnsTheirGlobalNorm(int threads) {
    INDArray first = row(1, 2, 0, -1);
    INDArray second = row(2, 2, 0, -1);
    try (ReplicaPool pool = new ReplicaPool(threads)) {
      FlatOptimizer optimizer =
          new FlatOptimizer(row(1, 1, 1, 1), List.of(first, second), ADAMW, 0, 0, threads);

      assertThat(optimizer.reduce(pool)).isCloseTo(Math.sqrt(9 + 16 + 4), within(1e-6));
      assertThat(first.toFloatVector()).containsExactly(3, 4, 0, -2);
      assertThat(second.toFloatVector()).containsExactly(2, 2, 0, -1);
    }
  }

  @Test
  void clipsToTheNormAndNoFurther() {
    assertThat(meanAfterStep(2.5)).containsExactly(new float[] {0.15f, 0.2f}, within(ROUNDING));
    assertThat(meanAfterStep(5.5)).containsExactly(new float[] {0.3f, 0.4f}, within(ROUNDING));
    assertThat(meanAfterStep(0)).containsExactly(new float[] {0.3f, 0.4f}, within(ROUNDING));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void updatesAllVectorsAsAdamWSays(int threads) {
    INDArray parameters = row(1, -1, 0.5f, 2, 3);
    INDArray gradient = row(0.1f, -0.2f, 0.3f, 0, 1);
    PlainAdamW plain = new PlainAdamW(parameters.toDoubleVector());
    double[] expected = plain.step(gradient.toDoubleVector(), 0.1, 0.9, 0.999, 1e-8, 0.2);
    double[] before = parameters.toDoubleVector();
    try (ReplicaPool pool = new ReplicaPool(threads)) {
      FlatOptimizer optimizer =
          new FlatOptimizer(parameters, List.of(gradient), ADAMW, 0, 0.75, threads);

      optimizer.update(pool, optimizer.reduce(pool), 0);

      double[] average = new double[expected.length];
      for (int i = 0; i < average.length; i++) {
        average[i] = 0.75 * before[i] + 0.25 * expected[i];
      }
      assertThat(parameters.toDoubleVector()).containsExactly(expected, within(1e-6));
      assertThat(optimizer.state().average().toDoubleVector())
          .containsExactly(average, within(1e-6));
      assertThat(optimizer.state().meanSquare().getFloat(4)).isCloseTo(1 - 0.999f, within(1e-9f));
    }
  }

  /** What the optimiser did before there was Muon: the same operations, on the same slices. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void withoutMuonASliceIsUpdatedAsItAlwaysWas(int threads) {
    int count = 103;
    INDArray parameters = Nd4j.linspace(DataType.FLOAT, -1, 0.02, count);
    INDArray mine = parameters.dup();
    INDArray average = parameters.dup();
    INDArray mean = Nd4j.zeros(DataType.FLOAT, count);
    INDArray meanSquare = Nd4j.zeros(DataType.FLOAT, count);
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, count);
    try (ReplicaPool pool = new ReplicaPool(threads);
        FlatOptimizer optimizer =
            new FlatOptimizer(parameters, List.of(gradient), ADAMW, 1, 0.75, threads)) {
      for (int step = 0; step < 5; step++) {
        INDArray given = Nd4j.linspace(DataType.FLOAT, step - 2.0, 0.03, count);
        gradient.assign(given);
        double norm = optimizer.reduce(pool);
        optimizer.update(pool, norm, step);
        given.muli(1 / norm);
        for (int i = 0; i < threads; i++) {
          SliceOf at = new SliceOf(count * i / threads, count * (i + 1) / threads);
          AdamWUpdater updater =
              ADAMW.instantiate(
                  Map.of(
                      AdamWUpdater.M_STATE, at.of(mean), AdamWUpdater.V_STATE, at.of(meanSquare)),
                  false);
          updater.applyUpdater(at.of(given), step, 0);
          updater.decayInPlace(at.of(mine), step, 0);
          at.of(mine).subi(at.of(given));
          new ExponentialMovingAverage(at.of(average), 0.75).update(at.of(mine));
        }
      }
      assertThat(parameters.toFloatVector()).containsExactly(mine.toFloatVector());
      assertThat(optimizer.state().average().toFloatVector())
          .containsExactly(average.toFloatVector());
      assertThat(optimizer.state().mean().toFloatVector()).containsExactly(mean.toFloatVector());
      assertThat(optimizer.state().meanSquare().toFloatVector())
          .containsExactly(meanSquare.toFloatVector());
    }
  }

  /** A slice of flat vectors. */
  private record SliceOf(int from, int to) {
    INDArray of(INDArray vector) {
      return vector.get(NDArrayIndex.interval(from, to));
    }
  }

  @Test
  void swapExchangesToTheBitAcrossPieces() {
    int count = 3 * (1 << 16) + 11;
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Math.sin(i);
    }
    INDArray parameters = Nd4j.createFromArray(values).reshape(1, count);
    try (ReplicaPool pool = new ReplicaPool(2)) {
      FlatOptimizer optimizer =
          new FlatOptimizer(parameters, List.of(parameters.dup()), ADAMW, 0, 0, 2);
      optimizer.state().average().assign(-3);

      optimizer.swapAverage(pool);
      assertThat(parameters.minNumber().floatValue()).isEqualTo(-3f);
      assertThat(parameters.maxNumber().floatValue()).isEqualTo(-3f);
      assertThat(optimizer.state().average().toFloatVector()).isEqualTo(values);

      optimizer.swapAverage(pool);
      assertThat(parameters.toFloatVector()).isEqualTo(values);
    }
  }

  private static float[] meanAfterStep(double clipNorm) {
    try (ReplicaPool pool = new ReplicaPool(2)) {
      FlatOptimizer optimizer =
          new FlatOptimizer(row(1, 1), List.of(row(3, 4)), ADAMW, clipNorm, 0, 2);
      optimizer.update(pool, optimizer.reduce(pool), 0);
      return optimizer.state().mean().toFloatVector();
    }
  }

  private static INDArray row(float... values) {
    return Nd4j.createFromArray(values).reshape(1, values.length);
  }
}
