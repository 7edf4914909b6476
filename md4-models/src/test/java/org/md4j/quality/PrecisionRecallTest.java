package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PrecisionRecallTest {
  @Test
  void countsWhoLiesInWhoseBalls() {
    INDArray real = Nd4j.createFromArray(new double[][] {{0}, {1}, {3}, {10}});
    INDArray generated = Nd4j.createFromArray(new double[][] {{2}, {2.5}, {17}, {30}});

    // k = 1: balls of the real 0±1, 1±1, 3±2, 10±7; of the generated 2±0.5, 2.5±0.5, 17±13,
    // 30±13. Generated 17 and real 3 lie on an edge.
    PrecisionRecall result = PrecisionRecall.of(real, generated, 1);

    assertThat(result.precision()).isEqualTo(3.0 / 4);
    assertThat(result.recall()).isEqualTo(2.0 / 4);
  }

  @Test
  void isOneForASetAndItselfAndZeroForSetsFarApart() {
    INDArray points = points(100, 5, 1);

    assertThat(PrecisionRecall.of(points, points, 3)).isEqualTo(new PrecisionRecall(1, 1, 3));
    assertThat(PrecisionRecall.of(points, points.add(100), 3))
        .isEqualTo(new PrecisionRecall(0, 0, 3));
  }

  @Test
  void dependsOnDistancesAloneEvenFarFromTheOrigin() {
    INDArray real = points(100, 5, 1);
    INDArray generated = points(100, 5, 2).mul(0.8);

    assertThat(PrecisionRecall.of(real.add(1e7), generated.add(1e7), 3))
        .isEqualTo(PrecisionRecall.of(real, generated, 3));
  }

  @Test
  void ballsOfNoSizeHoldTheirCentres() {
    INDArray points = points(50, 5, 1);
    INDArray fourTimes = Nd4j.concat(0, points, points, points, points);

    assertThat(PrecisionRecall.of(fourTimes, points, 3)).isEqualTo(new PrecisionRecall(1, 1, 3));
  }

  @Test
  void agreesWithTheDefinitionAcrossTiles() {
    INDArray real = points(1500, 2, 2);
    INDArray generated = points(2100, 2, 3).mul(0.8).add(0.3);

    PrecisionRecall result = PrecisionRecall.of(real, generated, 3);

    double[][] r = real.toDoubleMatrix();
    double[][] g = generated.toDoubleMatrix();
    assertThat(result.precision()).isEqualTo(covered(r, g, 3));
    assertThat(result.recall()).isEqualTo(covered(g, r, 3));
    assertThat(result.precision()).isBetween(0.5, 0.99);
    assertThat(result.recall()).isBetween(0.3, 0.9);
  }

  @Test
  void rejectsTooFewVectors() {
    INDArray three = points(3, 2, 1);

    assertThatThrownBy(() -> PrecisionRecall.of(three, three, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("real must have shape [M, F] with M above 3 neighbours, got [3, 2]");
  }

  /** By loops, as the paper defines it. */
  private static double covered(double[][] manifold, double[][] points, int neighbours) {
    double[] radii = new double[manifold.length];
    for (int i = 0; i < radii.length; i++) {
      double[] distances = new double[manifold.length];
      for (int j = 0; j < distances.length; j++) {
        distances[j] = distance(manifold[i], manifold[j]);
      }
      Arrays.sort(distances);
      radii[i] = distances[neighbours];
    }
    int count = 0;
    for (double[] point : points) {
      boolean inside = false;
      for (int i = 0; i < radii.length && !inside; i++) {
        inside = distance(point, manifold[i]) <= radii[i];
      }
      count += inside ? 1 : 0;
    }
    return (double) count / points.length;
  }

  private static double distance(double[] a, double[] b) {
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  }

  private static INDArray points(int count, int width, long seed) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.DATA, 0);
    double[][] values = new double[count][width];
    for (int i = 0; i < count; i++) {
      uniforms.fill(i, 0, values[i], 0, width);
    }
    return Nd4j.createFromArray(values);
  }
}
