package org.md4j.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.md4j.core.CounterRandom;
import org.md4j.core.Purpose;
import org.md4j.data.DataException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class FeatureStatisticsTest {
  /** A mean of 1e6 leaves ten digits of a spread of one. */
  private static final double ROUNDING = 1e-9;

  private static final FeatureProvenance HERE =
      new FeatureProvenance("made up", "test", "0123abcd");

  @Test
  void areTheSameInOneBatchInManyAndMerged() {
    INDArray vectors = vectors(50, 4).add(1e6);
    FeatureAccumulator whole = accumulate(vectors, 0, 50);
    FeatureAccumulator batches = accumulate(vectors, 0, 17);
    batches.add(rows(vectors, 17, 18));
    FeatureAccumulator rest = accumulate(vectors, 18, 50);
    batches.merge(rest);
    batches.merge(new FeatureAccumulator(4));

    FeatureStatistics expected = whole.statistics(HERE);
    FeatureStatistics actual = batches.statistics(HERE);

    assertThat(actual.count()).isEqualTo(50);
    assertClose(actual.mean(), expected.mean());
    assertClose(actual.covariance(), expected.covariance());
  }

  @Test
  void areTheUnbiasedOnesOfTheDefinition() {
    INDArray vectors = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 2}, {5, 8}});

    FeatureStatistics statistics = accumulate(vectors, 0, 3).statistics(HERE);

    assertThat(statistics.mean().toDoubleVector()).containsExactly(3, 4);
    assertThat(statistics.covariance().toDoubleMatrix()[0]).containsExactly(4, 6);
    assertThat(statistics.covariance().toDoubleMatrix()[1]).containsExactly(6, 12);
  }

  @Test
  void comeBackFromAFileToTheBit(@TempDir Path folder) {
    FeatureStatistics statistics = accumulate(vectors(9, 3), 0, 9).statistics(HERE);
    Path file = folder.resolve("reference.npz");

    statistics.write(file);
    FeatureStatistics read = FeatureStatistics.read(file);

    assertThat(read.provenance()).isEqualTo(HERE);
    assertThat(read.count()).isEqualTo(9);
    assertThat(read.mean().toDoubleVector()).containsExactly(statistics.mean().toDoubleVector());
    assertThat(read.covariance().data().asDouble())
        .containsExactly(statistics.covariance().data().asDouble());
    assertThat(folder.toFile().list()).containsExactly("reference.npz");
  }

  @Test
  void aDamagedOrForeignFileGivesOneLine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("reference.npz");
    accumulate(vectors(9, 3), 0, 9).statistics(HERE).write(file);
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(bytes, bytes.length / 2));
    Path foreign = Files.writeString(folder.resolve("text.npz"), "no archive");

    for (Path bad : new Path[] {cut, foreign, folder.resolve("missing.npz")}) {
      assertThatThrownBy(() -> FeatureStatistics.read(bad))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("feature statistics (" + bad + ") ");
    }
  }

  @Test
  void rejectWhatIsNoNumberOrTooLittle() {
    FeatureAccumulator accumulator = new FeatureAccumulator(2);

    assertThatThrownBy(() -> accumulator.add(Nd4j.createFromArray(new float[][] {{1, Float.NaN}})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features must be finite, got NaN or infinity in a batch of 1");
    assertThatThrownBy(() -> accumulator.add(Nd4j.zeros(3, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("features must have shape [B, F] = [B, 2], got [3, 5]");
    accumulator.add(Nd4j.zeros(1, 2));
    assertThatThrownBy(() -> accumulator.statistics(HERE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("count (1) must be at least 2");
  }

  private static FeatureAccumulator accumulate(INDArray vectors, int from, int to) {
    FeatureAccumulator accumulator = new FeatureAccumulator((int) vectors.size(1));
    accumulator.add(rows(vectors, from, to));
    return accumulator;
  }

  private static INDArray rows(INDArray vectors, int from, int to) {
    return vectors.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
  }

  private static INDArray vectors(int count, int width) {
    double[][] values = new double[count][width];
    for (int i = 0; i < count; i++) {
      new CounterRandom(1).uniforms(Purpose.DATA, 0).fill(i, 0, values[i], 0, width);
    }
    return Nd4j.createFromArray(values);
  }

  private static void assertClose(INDArray actual, INDArray expected) {
    assertThat(actual.sub(expected).amaxNumber().doubleValue()).isCloseTo(0, within(ROUNDING));
  }
}
