package org.md4j.model.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.model.layer.LayerProbe;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Holds the smooth part of logits to its formula, and to what the formula promises. */
class SmoothLogitKernelTest {
  /** Sums of some dozens of numbers of order 10, in double. */
  private static final double ROUNDING = 1e-11;

  private static final int CHANNELS = 4;
  private static final int COSINES = 32;
  private static final int PIXELS = 6;
  private static final INDArray IMAGE = LayerProbe.table(7, 1, PIXELS, CHANNELS);

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void logitsAreThoseOfTheFreeKernelThatTheFormulaGives(int colours) {
    int values = 7;
    int cosines = 4;
    LayerProbe smooth = head(colours, values, cosines);
    LayerProbe free = head(colours, values, 0);
    for (String same : new String[] {"normGain", "normBias", "logitBias"}) {
      free.parameter(same).assign(smooth.parameter(same));
    }
    INDArray w = smooth.parameter("logitWeight").reshape(9L * CHANNELS, (long) colours * values);
    INDArray u =
        smooth.parameter("smoothLogitWeight").reshape(9L * CHANNELS, (long) colours * cosines);
    INDArray kernel = free.parameter("logitWeight").reshape(w.shape());
    for (int input = 0; input < w.rows(); input++) {
      for (int colour = 0; colour < colours; colour++) {
        for (int value = 0; value < values; value++) {
          double entry = w.getDouble(input, colour * values + value);
          for (int k = 0; k < cosines; k++) {
            double angle = Math.PI * k * value / (values - 1);
            entry += 4 * Math.cos(angle) * u.getDouble(input, colour * cosines + k);
          }
          kernel.putScalar(input, (long) colour * values + value, entry);
        }
      }
    }
    INDArray all = wanted(PIXELS * colours);

    LayerProbe.assertClose(smooth.infer(all, IMAGE), free.infer(all, IMAGE));
    LayerProbe.assertClose(smooth.train(all, IMAGE), free.train(all, IMAGE));
  }

  /** With only the smooth part, logits are sums of the first cosines over the values. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theSmoothPartHasNoOtherFrequencies(int colours) {
    int values = 48;
    LayerProbe head = head(colours, values, COSINES);
    head.parameter("logitWeight").assign(0);
    head.parameter("logitBias").assign(0);

    INDArray logits = head.infer(wanted(PIXELS * colours), IMAGE);

    for (int row = 0; row < logits.rows(); row++) {
      double[] spectrum = cosineTransform(logits.getRow(row).dup().data().asDouble());
      for (int k = 0; k < values; k++) {
        if (k < COSINES) {
          assertThat(Math.abs(spectrum[k])).as("frequency %d", k).isGreaterThan(ROUNDING);
        } else {
          assertThat(spectrum[k]).as("frequency %d", k).isCloseTo(0, within(ROUNDING));
        }
      }
    }
  }

  /** The discrete cosine transform of type I, in which ends count half. */
  private static double[] cosineTransform(double[] x) {
    int last = x.length - 1;
    double[] spectrum = new double[x.length];
    for (int k = 0; k <= last; k++) {
      spectrum[k] = (x[0] + (k % 2 == 0 ? x[last] : -x[last])) / 2;
      for (int n = 1; n < last; n++) {
        spectrum[k] += x[n] * Math.cos(Math.PI * k * n / last);
      }
    }
    return spectrum;
  }

  @Test
  void cosinesMustBeAtMostTheValues() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PixelHeadLayer(2, 3, CHANNELS, 1, 5, 2, 0, 6, 0))
        .withMessage("cosines (6) must be at most vocabularySize, got 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PixelHeadLayer(2, 3, CHANNELS, 1, 5, 2, 0, -1, 0))
        .withMessage("cosines (-1) must be at least 0");
  }

  private static INDArray wanted(int count) {
    return Nd4j.createFromArray(IntStream.range(0, count).toArray());
  }

  private static LayerProbe head(int colours, int values, int cosines) {
    return new LayerProbe(new PixelHeadLayer(2, 3, CHANNELS, colours, values, 2, 0, cosines, 0));
  }
}
