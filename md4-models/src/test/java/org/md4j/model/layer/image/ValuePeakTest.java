package org.md4j.model.layer.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.model.layer.LayerProbe;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds the peak of logits to its formula, written out cell by cell, and to what it must not see.
 */
class ValuePeakTest {
  /** Sums of some dozens of numbers of order 10, in double. */
  private static final double ROUNDING = 1e-11;

  private static final int HEIGHT = 3;
  private static final int WIDTH = 4;
  private static final int PIXELS = HEIGHT * WIDTH;
  private static final int CHANNELS = 4;
  private static final int VALUES = 6;

  /** The activation of every pixel, by a normalisation that gives one vector to all. */
  private static final double[] NORMALISED = {0.7, -1.1, 0.3, 2};

  private static LayerProbe head(int colours, int reach) {
    LayerProbe head =
        new LayerProbe(
            new PixelHeadLayer(HEIGHT, WIDTH, CHANNELS, colours, VALUES, 2, 0, 0, reach));
    head.parameter("normGain").assign(0);
    head.parameter("normBias").assign(Nd4j.createFromArray(NORMALISED));
    head.parameter("logitWeight").assign(0);
    head.parameter("logitBias").assign(0);
    return head;
  }

  private static INDArray logits(LayerProbe head, int[] tokens, int... wanted) {
    return head.infer(
        Nd4j.createFromArray(wanted),
        LayerProbe.table(3, 1, PIXELS, CHANNELS),
        Nd4j.createFromArray(tokens).reshape(1, tokens.length));
  }

  private static INDArray logits(LayerProbe head, int[] tokens) {
    return logits(head, tokens, IntStream.range(0, tokens.length).toArray());
  }

  /** All values and the mask, which is the last. */
  private static int[] tokens(int colours) {
    return IntStream.range(0, PIXELS * colours).map(i -> (5 * i + i / 3) % (VALUES + 1)).toArray();
  }

  private static double number(int value) {
    return 2.0 * value / (VALUES - 1) - 1;
  }

  /** The formulas of {@link ValuePeak} and {@link NearbyValues} for one cell. */
  private record Cell(int[] tokens, int colours, int reach, int pixel, int colour) {
    private boolean isInside(int row, int column) {
      int y = pixel / WIDTH + row;
      int x = pixel % WIDTH + column;
      return y >= 0 && y < HEIGHT && x >= 0 && x < WIDTH;
    }

    /** The token of a neighbour, or the mask for what lies outside. */
    private int token(int row, int column, int ofColour) {
      return isInside(row, column)
          ? tokens[(pixel + row * WIDTH + column) * colours + ofColour]
          : VALUES;
    }

    private double mean() {
      double sum = 0;
      double weights = 0.02;
      for (int row = -reach; row <= reach; row++) {
        for (int column = -reach; column <= reach; column++) {
          for (int s = 0; s < colours; s++) {
            int token = token(row, column, s);
            if (token < VALUES) {
              double weight =
                  Math.exp(-(row * row + column * column) / 2.0) * (s == colour ? 1 : 0.5);
              sum += weight * number(token);
              weights += weight;
            }
          }
        }
      }
      return sum / weights;
    }

    private static double activated(int channel) {
      return NORMALISED[channel] / (1 + Math.exp(-NORMALISED[channel]));
    }

    /** The sum of a bias and of weights times the middle of the patch. */
    private static double ofMiddle(LayerProbe head, int output) {
      double sum = head.parameter("neighbourBias").getDouble(output);
      for (int c = 0; c < CHANNELS; c++) {
        sum += head.parameter("neighbourWeight").getDouble(c, output) * activated(c);
      }
      return sum;
    }

    private double ofPatch(LayerProbe head, int output) {
      double sum = head.parameter("peakBias").getDouble(output);
      for (int tap = 0; tap < 9; tap++) {
        for (int c = 0; c < CHANNELS && isInside(tap / 3 - 1, tap % 3 - 1); c++) {
          int input = tap * CHANNELS + c;
          sum += head.parameter("peakWeight").getDouble(input, output) * activated(c);
        }
      }
      return sum;
    }

    private double prediction(LayerProbe head) {
      double mean = mean();
      double m = mean + ofPatch(head, 2 * colour);
      int side = 2 * reach + 1;
      int neighbours = side * side * colours;
      for (int j = 0; j < neighbours; j++) {
        int token = token(j / colours / side - reach, j / colours % side - reach, j % colours);
        if (token < VALUES) {
          m += ofMiddle(head, colour * neighbours + j) * (number(token) - mean);
        }
      }
      return m;
    }

    private double peak(LayerProbe head, int value) {
      double most = 2 * (VALUES - 1);
      double sharpness = most / (1 + (most - 1) * Math.exp(-4 * ofPatch(head, 2 * colour + 1)));
      double z = sharpness * (number(value) - prediction(head));
      return -Math.sqrt(1 + z * z);
    }
  }

  private static void assertPeaks(LayerProbe head, int colours, int reach) {
    int[] tokens = tokens(colours);

    INDArray logits = logits(head, tokens);

    for (int cell = 0; cell < tokens.length; cell++) {
      Cell ofFormula = new Cell(tokens, colours, reach, cell / colours, cell % colours);
      for (int value = 0; value < VALUES; value++) {
        assertThat(logits.getDouble(cell, value))
            .as("value %d of cell %d", value, cell)
            .isCloseTo(ofFormula.peak(head, value), within(ROUNDING));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 2", "3, 1", "3, 2"})
  void peaksAreThoseOfTheFormula(int colours, int reach) {
    assertPeaks(head(colours, reach), colours, reach);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "3, 1"})
  void atTheStartAWidePeakIsAtTheMean(int colours, int reach) {
    LayerProbe head = head(colours, reach);
    for (String zero :
        new String[] {"neighbourWeight", "neighbourBias", "peakWeight", "peakBias"}) {
      head.parameter(zero).assign(0);
    }
    int[] tokens = tokens(colours);

    INDArray logits = logits(head, tokens);

    for (int cell = 0; cell < tokens.length; cell++) {
      double mean = new Cell(tokens, colours, reach, cell / colours, cell % colours).mean();
      for (int value = 0; value < VALUES; value++) {
        assertThat(logits.getDouble(cell, value))
            .isCloseTo(-Math.hypot(1, number(value) - mean), within(ROUNDING));
      }
    }
  }

  /** The logits of the first pixel. */
  private static double[] first(LayerProbe head, int[] tokens) {
    return logits(head, tokens, 0).dup('c').data().asDouble();
  }

  /** Of three rows of four pixels, the first pixel does not see the last column. */
  @Test
  void onlyKnownValuesWithinReachAreSeen() {
    LayerProbe head = head(1, 2);
    int mask = VALUES;
    int[] tokens = {mask, 2, mask, 1, 3, mask, 4, 0, 2, 5, mask, 1};
    int[] far = tokens.clone();
    far[3] = 5;
    far[11] = mask;
    int[] near = tokens.clone();
    near[10] = 5;

    double[] before = first(head, tokens);

    assertThat(first(head, far)).isEqualTo(before);
    assertThat(first(head, near)).isNotEqualTo(before);
  }

  @Test
  void theReachMustNotBeNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PixelHeadLayer(2, 3, CHANNELS, 1, 5, 2, 0, 0, -1))
        .withMessage("reach (-1) must be at least 0");
  }
}
