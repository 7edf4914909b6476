package org.md4j.model.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.md4j.Tolerance;
import org.md4j.compute.Compute;
import org.md4j.compute.ComputeBackend;
import org.md4j.compute.Precision;
import org.md4j.compute.Tensor;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.core.Uniforms;
import org.md4j.golden.GoldenVectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RotaryEmbeddingTest {
  private static final Compute COMPUTE = ComputeBackend.nd4j(Precision.F32).open(DataType.DOUBLE);
  private static final int LENGTH = 5;
  private static final int HEADS = 3;
  private static final int HEAD_SIZE = 8;

  @Test
  void rotatesAsTheGoldenVector() {
    JsonNode inputs = GoldenVectors.inputs("net/rope");
    JsonNode expected = GoldenVectors.expected("net/rope");
    int position = inputs.get("position").intValue();
    int headSize = inputs.get("head_dim").intValue();
    double[][] rows = new double[position + 1][headSize];
    for (int i = 0; i < headSize; i++) {
      rows[position][i] = inputs.get("x").get(i).doubleValue();
    }
    INDArray x = Nd4j.createFromArray(rows);

    new RotaryEmbedding(position + 1, 1, headSize, COMPUTE)
        .rotateInPlace(Tensor.of(x), Tensor.of(x.like()));

    for (int i = 0; i < headSize; i++) {
      GoldenVectors.assertMatches(
          "net/rope", "channel " + i, x.getDouble(position, i), expected.get("rotated").get(i));
    }
    for (int pair = 0; pair < headSize / 2; pair++) {
      GoldenVectors.assertMatches(
          "net/rope",
          "frequency " + pair,
          RotaryEmbedding.frequency(pair, headSize),
          expected.get("freqs").get(pair));
    }
  }

  @Test
  void turningBackUndoesTurning() {
    INDArray x = random(1);
    double[] before = x.dup().data().asDouble();
    RotaryEmbedding rotary = new RotaryEmbedding(LENGTH, HEADS, HEAD_SIZE, COMPUTE);

    rotary.rotateInPlace(Tensor.of(x), Tensor.of(x.like()));
    rotary.rotateBackInPlace(Tensor.of(x), Tensor.of(x.like()));

    double[] after = x.dup().data().asDouble();
    for (int i = 0; i < before.length; i++) {
      assertThat(after[i]).isCloseTo(before[i], within(Tolerance.EXACT_DOUBLE));
    }
  }

  @Test
  void scoresDependOnTheDistanceOnly() {
    double[] query = random(2).getRow(0).toDoubleVector();
    double[] key = random(3).getRow(0).toDoubleVector();

    double near = score(query, 0, key, 2);
    double shifted = score(query, 2, key, 4);

    assertThat(shifted).isCloseTo(near, within(Tolerance.EXACT_DOUBLE));
    assertThat(score(query, 0, key, 3)).isNotCloseTo(near, within(1e-3));
  }

  /** The inner product of the first head of two rows, each turned by its position. */
  private static double score(double[] query, int queryAt, double[] key, int keyAt) {
    double[][] rows = new double[LENGTH][];
    double[][] others = new double[LENGTH][];
    for (int i = 0; i < LENGTH; i++) {
      rows[i] = query.clone();
      others[i] = key.clone();
    }
    INDArray q = Nd4j.createFromArray(rows);
    INDArray k = Nd4j.createFromArray(others);
    RotaryEmbedding rotary = new RotaryEmbedding(LENGTH, HEADS, HEAD_SIZE, COMPUTE);
    rotary.rotateInPlace(Tensor.of(q), Tensor.of(q.like()));
    rotary.rotateInPlace(Tensor.of(k), Tensor.of(k.like()));
    double sum = 0;
    for (int i = 0; i < HEAD_SIZE; i++) {
      sum += q.getDouble(queryAt, i) * k.getDouble(keyAt, i);
    }
    return sum;
  }

  /** Two rows' worth of uniform numbers, [2 * LENGTH, HEADS * HEAD_SIZE]. */
  private static INDArray random(long seed) {
    Uniforms uniforms = new CounterRandom(seed).uniforms(Purpose.TOKEN, 0);
    double[][] values = new double[2 * LENGTH][HEADS * HEAD_SIZE];
    for (int r = 0; r < values.length; r++) {
      for (int c = 0; c < values[r].length; c++) {
        values[r][c] = uniforms.at(r, c) - 0.5;
      }
    }
    return Nd4j.createFromArray(values);
  }
}
