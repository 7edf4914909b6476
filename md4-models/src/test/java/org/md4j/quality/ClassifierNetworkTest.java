package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class ClassifierNetworkTest {
  private static final int CLASSES = 3;
  private static final double SCALE = 0.25;
  private static final double STEP = 0x1.0p-6;

  /** Rounding of a loss of order one in float over twice the step, and the step's square. */
  private static final double DIFFERENCE_TOLERANCE = 2e-3;

  /** Of the layers' parameters and, at the end, of the softmax. */
  private static final int ENTRIES = 60;

  @Test
  void gradientEqualsCentralDifferences() {
    ComputationGraphConfiguration layers = ClassifierNetwork.layers(4, 4, 1);
    INDArray parameters =
        Nd4j.zeros(DataType.FLOAT, ClassifierNetwork.parameterCount(layers, CLASSES));
    ClassifierNetwork network = new ClassifierNetwork(layers, CLASSES, parameters);
    network.initialise(3);
    int softmax = (ClassifierNetwork.FEATURES + 1) * CLASSES;
    int count = (int) parameters.length();
    for (int i = count - softmax; i < count; i++) {
      parameters.putScalar(i, uniform(1, i) - 0.5);
    }
    int[][] images = new int[4][16];
    for (int b = 0; b < images.length; b++) {
      for (int n = 0; n < images[b].length; n++) {
        images[b][n] = (int) (256 * uniform(10 + b, n));
      }
    }
    int[] labels = {2, 0, 1, 2};
    network.gradient(images, labels, SCALE);
    float[] gradient = network.gradient().toFloatVector();

    double largest = 0;
    for (int entry = 0; entry < 2 * ENTRIES; entry++) {
      int i =
          entry < ENTRIES
              ? (int) (uniform(2, entry) * (count - softmax))
              : count - 1 - (int) (uniform(3, entry) * softmax);
      float original = parameters.getFloat(i);
      parameters.putScalar(i, original + STEP);
      double above = network.gradient(images, labels, SCALE);
      parameters.putScalar(i, original - STEP);
      double below = network.gradient(images, labels, SCALE);
      parameters.putScalar(i, original);
      assertThat((double) gradient[i])
          .as("entry %d of %d", i, count)
          .isCloseTo(SCALE * (above - below) / (2 * STEP), within(DIFFERENCE_TOLERANCE));
      largest = Math.max(largest, Math.abs(gradient[i]));
    }
    assertThat(largest).isGreaterThan(10 * DIFFERENCE_TOLERANCE);
  }

  private static double uniform(long example, long index) {
    return new CounterRandom(4).uniforms(Purpose.DATA, 0).at(example, index);
  }
}
