package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.compute.Memory;
import org.md4j.compute.Tensor;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.model.layer.text.FeedForwardLayer;
import org.md4j.model.layer.text.SelfAttentionLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Holds the short convolution to its laws, alone and before the cores of both halves of a block.
 */
class ShortConvolutionTest extends LayerLaws {
  private static final String KERNEL = "convolutionKernel";
  private static final int BATCH = 3;
  private static final int LENGTH = 6;
  private static final int WIDTH = 8;
  private static final int C = 3;

  /** The convolution as a layer of nothing else. */
  public record Alone(int width, int taps, boolean causal) implements LayerSpec {
    @Override
    public ParameterLayout parameterLayout() {
      ParameterLayout layout = new ParameterLayout();
      ShortConvolution.addParameters(layout, taps, width);
      return layout;
    }

    @Override
    public int inputCount() {
      return 1;
    }

    @Override
    public Layer layer(Place place) {
      return new Running(place, taps, causal);
    }
  }

  private static final class Running extends Layer {
    private final ShortConvolution convolution;
    private final Memory gradient = memory();

    Running(Place place, int taps, boolean causal) {
      super(place);
      convolution = new ShortConvolution(this, taps, causal);
    }

    @Override
    protected Tensor forward(Tensor[] inputs, boolean training) {
      return convolution.forward(inputs[0]);
    }

    @Override
    protected @Nullable Tensor[] backward(Tensor[] inputs, Tensor outputGradient) {
      Tensor result = gradient.of(outputGradient.shape());
      compute().copy(outputGradient, result);
      convolution.backward(inputs[0], result);
      return new Tensor[] {result};
    }
  }

  static Stream<Arguments> layers() {
    INDArray x = LayerProbe.table(52, BATCH, LENGTH, WIDTH);
    INDArray conditioning = LayerProbe.table(50, BATCH, C);
    INDArray wanted = Nd4j.createFromArray(1, 4, 7, 10, 13, 16);
    return Stream.of(
        Arguments.of("alone", new Alone(WIDTH, 3, false), new INDArray[] {x}),
        Arguments.of("alone, causal", new Alone(WIDTH, 5, true), new INDArray[] {x}),
        Arguments.of("alone, longer than a row", new Alone(WIDTH, 9, false), new INDArray[] {x}),
        Arguments.of(
            "attention",
            new SelfAttentionLayer(2, 4, C, 0, false, 3),
            new INDArray[] {x, conditioning}),
        Arguments.of(
            "attention, dropout, causal",
            new SelfAttentionLayer(2, 4, C, 0.3, true, 3),
            new INDArray[] {x, conditioning}),
        Arguments.of(
            "attention without conditioning",
            new SelfAttentionLayer(2, 4, 0, 0, false, 5),
            new INDArray[] {x}),
        Arguments.of(
            "attention without conditioning, causal",
            new SelfAttentionLayer(2, 4, 0, 0, true, 5),
            new INDArray[] {x}),
        Arguments.of(
            "feed-forward",
            new FeedForwardLayer(WIDTH, 10, 1, C, 0, false, 3, false),
            new INDArray[] {x, conditioning}),
        Arguments.of(
            "feed-forward without conditioning, causal",
            new FeedForwardLayer(WIDTH, 10, 1, 0, 0.3, false, 5, true),
            new INDArray[] {x}),
        Arguments.of(
            "feed-forward at wanted positions",
            new FeedForwardLayer(WIDTH, 10, 1, C, 0, true, 3, false),
            new INDArray[] {x, wanted, conditioning}),
        Arguments.of(
            "feed-forward at wanted positions, causal",
            new FeedForwardLayer(WIDTH, 10, 1, C, 0.3, true, 5, true),
            new INDArray[] {x, wanted, conditioning}));
  }

  /** Two channels of three positions, worked out by hand. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"false; 9, -9, 19, -11, 14, -10", "true; 4, 31, 10, -11, 21, -10"})
  void aHandMadeExample(boolean causal, String expected) {
    LayerProbe probe = new LayerProbe(new Alone(2, 3, causal));
    probe
        .parameter(KERNEL)
        .assign(Nd4j.createFromArray(new double[][] {{1, 10}, {2, 20}, {3, 30}}));
    INDArray h = Nd4j.createFromArray(new double[][][] {{{1, 1}, {2, -1}, {4, 0}}});

    double[] out = probe.infer(h).data().asDouble();

    assertThat(out)
        .containsExactly(
            Stream.of(expected.split(", ")).mapToDouble(Double::parseDouble).toArray());
  }

  /** Away from the ends it does not matter where in a row something stands. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsMovedWithinARowIsMovedInTheResult(boolean causal) {
    int length = 14;
    int moved = 3;
    int taps = 5;
    LayerProbe probe = new LayerProbe(new Alone(WIDTH, taps, causal));
    double[] all = LayerProbe.table(9, length + moved, WIDTH).data().asDouble();
    double[][] row = new double[length][WIDTH];
    double[][] later = new double[length][WIDTH];
    for (int n = 0; n < length; n++) {
      System.arraycopy(all, (n + moved) * WIDTH, row[n], 0, WIDTH);
      System.arraycopy(all, n * WIDTH, later[n], 0, WIDTH);
    }

    INDArray out = probe.infer(Nd4j.createFromArray(new double[][][] {row, later}));

    double[] result = out.data().asDouble();
    int before = causal ? taps - 1 : taps / 2;
    int after = taps - 1 - before;
    for (int n = before; n < length - moved - after; n++) {
      for (int d = 0; d < WIDTH; d++) {
        assertThat(result[(length + n + moved) * WIDTH + d])
            .as("position %d, channel %d", n, d)
            .isEqualTo(result[n * WIDTH + d]);
      }
    }
  }

  /** At the wanted positions the last feed-forward says what it says where all are wanted. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void wantedPositionsSeeTheOthers(boolean causal) {
    INDArray x = LayerProbe.table(52, BATCH, LENGTH, WIDTH);
    INDArray conditioning = LayerProbe.table(50, BATCH, C);
    int[] wanted = {0, 3, 5, 10, 17};
    double[] all =
        new LayerProbe(new FeedForwardLayer(WIDTH, 10, 1, C, 0, false, 5, causal))
            .infer(x, conditioning)
            .data()
            .asDouble();

    double[] some =
        new LayerProbe(new FeedForwardLayer(WIDTH, 10, 1, C, 0, true, 5, causal))
            .infer(x, Nd4j.createFromArray(wanted), conditioning)
            .data()
            .asDouble();

    for (int position : wanted) {
      for (int d = 0; d < WIDTH; d++) {
        assertThat(some[position * WIDTH + d])
            .isCloseTo(all[position * WIDTH + d], within(Tolerance.EXACT_DOUBLE));
      }
    }
  }

  @Test
  void entriesStartNormalWithDeviationThreeTenths() {
    ParameterLayout layout = new Alone(4000, 31, false).parameterLayout();
    INDArray flat = Nd4j.createUninitialized(DataType.DOUBLE, layout.count());
    layout.initialise(flat, new CounterRandom(3).uniforms(Purpose.INITIALISATION, 0), 5);
    double[] entries = flat.data().asDouble();

    double standardError = 0.3 / Math.sqrt(entries.length);
    assertThat(new Mean().evaluate(entries)).isCloseTo(0, within(Tolerance.SIGMAS * standardError));
    assertThat(new StandardDeviation().evaluate(entries))
        .isCloseTo(0.3, within(Tolerance.SIGMAS * standardError / Math.sqrt(2)));
    layout.initialise(flat, (example, entry) -> 0.975, 5);
    // The quantile of a standard normal is 1.959964, where nothing is cut off.
    assertThat(flat.getDouble(7)).isCloseTo(0.3 * 1.959964, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, -1, 2, 4, 33})
  void widthsHaveAMiddleAndAnEnd(int taps) {
    assertThatThrownBy(() -> ShortConvolution.addParameters(new ParameterLayout(), taps, 3))
        .hasMessage("taps (" + taps + ") must be 0 for none, or odd and at most 31");
  }

  @Test
  void withoutOneALayerHasTheParametersItHad() {
    assertThat(new FeedForwardLayer(8, 10, 1, 0, 0, false, 0, true).parameterLayout().count())
        .isEqualTo(8 + 3 * 8 * 10);
    assertThat(new FeedForwardLayer(8, 10, 1, 0, 0, false, 5, true).parameterLayout().count())
        .isEqualTo(8 + 3 * 8 * 10 + 5 * 8);
    assertThat(new SelfAttentionLayer(2, 4, 0, 0, true, 0).parameterLayout().count())
        .isEqualTo(8 + 4 * 8 * 8);
    assertThat(new SelfAttentionLayer(2, 4, 0, 0, true, 7).parameterLayout().count())
        .isEqualTo(8 + 4 * 8 * 8 + 7 * 8);
  }
}
