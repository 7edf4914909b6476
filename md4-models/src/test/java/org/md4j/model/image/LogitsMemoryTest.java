package org.md4j.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Logits written to memory of the caller's are the logits, whatever path the head takes. */
class LogitsMemoryTest {
  private static final int ROWS = 2;

  /** Every position takes the whole convolution, every third the wanted patches; 1000: just one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000})
  void areThoseReturned(int stride) {
    for (UNetConfig config :
        new UNetConfig[] {
          UNets.pyramid(),
          UNets.transformer(),
          UNets.smooth(UNets.pyramid()),
          UNets.predictive(UNets.pyramid())
        }) {
      ImageDenoiser network = UNets.scrambled(config, DataType.FLOAT);
      DenoiserInput question = question(config, stride);
      float[][] expected = network.logits(question).toFloatMatrix();
      INDArray all =
          Nd4j.valueArrayOf(
              new long[] {expected.length + 2, config.vocabularySize()}, -7, DataType.FLOAT);
      INDArray out = all.get(NDArrayIndex.interval(1, expected.length + 1), NDArrayIndex.all());

      network.logits(question, out);

      assertThat(out.toFloatMatrix()).isDeepEqualTo(expected);
      assertThat(all.getRow(0).toFloatVector()).as("the row before it").containsOnly(-7f);
      assertThat(all.getRow(expected.length + 1).toFloatVector())
          .as("the row after it")
          .containsOnly(-7f);
      network.logits(question(config, 1));
      assertThat(out.toFloatMatrix()).as("the caller's alone").isDeepEqualTo(expected);
      assertThat(network.logits(question).toFloatMatrix()).isDeepEqualTo(expected);
    }
  }

  @Test
  void mustHaveTheShapeAndTypeOfTheLogits() {
    UNetConfig config = UNets.transformer();
    ImageDenoiser network = UNets.scrambled(config, DataType.FLOAT);

    assertThatThrownBy(
            () -> network.logits(question(config, 1), Nd4j.create(DataType.FLOAT, 15, 3)))
        .hasMessage("out must be FLOAT of shape [P, V] = [16, 3], got FLOAT of shape [15, 3]");
    assertThatThrownBy(
            () -> network.logits(question(config, 1), Nd4j.create(DataType.DOUBLE, 16, 3)))
        .hasMessage("out must be FLOAT of shape [P, V] = [16, 3], got DOUBLE of shape [16, 3]");
    assertThatThrownBy(
            () ->
                network.logits(question(config, 1), Nd4j.create(DataType.FLOAT, 3, 16).transpose()))
        .hasMessage("out must be in c order without gaps, strides [3, 1], got [1, 16]");
  }

  private static DenoiserInput question(UNetConfig config, int stride) {
    TokenBatch tokens = UNets.tokens(config, ROWS);
    int[] positions =
        IntStream.range(0, ROWS * config.length()).filter(i -> i % stride == 0).toArray();
    double[] times = new double[ROWS];
    Arrays.setAll(times, row -> (row + 1) / 4.0);
    return new DenoiserInput(Rows.of(tokens), times, positions);
  }
}
