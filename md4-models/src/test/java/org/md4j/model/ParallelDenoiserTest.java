package org.md4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.compute.ComputeBackend;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ParallelDenoiserTest {
  private static final Vocabulary VOCABULARY = new Vocabulary(5);
  private static final int LENGTH = 3;

  /** Says everything it was asked, so that a row or position that went astray shows. */
  private static INDArray describe(DenoiserInput input) {
    float[][] logits = new float[input.positions().length][VOCABULARY.size()];
    for (int i = 0; i < logits.length; i++) {
      int row = input.positions()[i] / LENGTH;
      logits[i][0] = input.tokens().token(input.positions()[i]);
      logits[i][1] = input.positions()[i] % LENGTH;
      logits[i][2] = (float) input.times()[row];
      logits[i][3] = input.labels().length == 0 ? -1 : input.labels()[row];
      logits[i][4] = input.tokens().token(row, 0);
    }
    return Nd4j.createFromArray(logits);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7, 9})
  void answersAsOneReplicaWould(int replicas) {
    DenoiserInput everywhere = input(7, false, everyPosition(7));
    DenoiserInput labelled = input(7, true, everyPosition(7));
    DenoiserInput sparse = input(7, true, new int[] {2, 9, 10, 20});
    DenoiserInput single = input(7, false, new int[] {17});
    try (ReplicaPool pool = new ReplicaPool(replicas)) {
      Denoiser parallel = parallel(pool);

      for (DenoiserInput question : List.of(sparse, everywhere, single, labelled, sparse)) {
        INDArray logits = parallel.logits(question);

        assertThat(logits.dataType()).isEqualTo(DataType.FLOAT);
        assertThat(logits.ordering()).isEqualTo('c');
        assertThat(logits.toFloatMatrix()).isDeepEqualTo(describe(question).toFloatMatrix());
      }
    }
  }

  @Test
  void resultMayBeOverwrittenByTheCaller() {
    try (ReplicaPool pool = new ReplicaPool(2)) {
      Denoiser parallel = parallel(pool);
      DenoiserInput question = input(4, false, everyPosition(4));

      parallel.logits(question).assign(-7);

      assertThat(parallel.logits(question).toFloatMatrix())
          .isDeepEqualTo(describe(question).toFloatMatrix());
    }
  }

  @Test
  void wantsOneReplicaPerThread() {
    try (ReplicaPool pool = new ReplicaPool(2)) {
      assertThatThrownBy(() -> new ParallelDenoiser(pool, List.of(new Describer())))
          .hasMessage("replicas must be one per thread of the pool, 2, got 1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16})
  void onAllCoresIsThatOfOneReplica(int rows) {
    DenoiserInput question = input(rows, false, everyPosition(rows));
    try (ParallelDenoiser denoiser = ParallelDenoiser.onAllCores(new Describer())) {
      assertThat(denoiser.logits(question).toFloatMatrix())
          .isDeepEqualTo(describe(question).toFloatMatrix());
    }
  }

  @Test
  void closingEndsTheThreadsItStartedAndNoOthers() {
    DenoiserInput question = input(2, false, everyPosition(2));
    ParallelDenoiser own = ParallelDenoiser.onAllCores(new Describer());
    own.close();
    assertThatThrownBy(() -> own.logits(question)).isInstanceOf(RejectedExecutionException.class);
    try (ReplicaPool pool = new ReplicaPool(1)) {
      ParallelDenoiser.of(pool, new Describer()).close();

      assertThat(ParallelDenoiser.of(pool, new Describer()).logits(question).rows())
          .isEqualTo(2 * LENGTH);
    }
  }

  private static Denoiser parallel(ReplicaPool pool) {
    return new ParallelDenoiser(pool, Collections.nCopies(pool.size(), new Describer()));
  }

  /** The shape of a network that only describes. */
  private record DescriberConfig(Vocabulary vocabulary, int length) implements NetworkConfig {
    @Override
    public TrainableDenoiser create(long seed, ComputeBackend backend) {
      return new Describer();
    }
  }

  /** Answers with {@link #describe}; has no parameters worth training. */
  private static final class Describer implements TrainableDenoiser {
    private final INDArray parameters = Nd4j.zeros(DataType.FLOAT, 1);

    @Override
    public INDArray logits(DenoiserInput input) {
      return describe(input);
    }

    @Override
    public NetworkConfig config() {
      return new DescriberConfig(VOCABULARY, LENGTH);
    }

    @Override
    public INDArray parameters() {
      return parameters;
    }

    @Override
    public TrainableDenoiser replica() {
      return this;
    }

    @Override
    public INDArray gradients() {
      throw new UnsupportedOperationException("not trained");
    }

    @Override
    public INDArray forwardForTraining(DenoiserInput input, Uniforms dropout) {
      throw new UnsupportedOperationException("not trained");
    }

    @Override
    public void backward(INDArray logitGradients, boolean accumulate) {
      throw new UnsupportedOperationException("not trained");
    }
  }

  private static int[] everyPosition(int rows) {
    int[] positions = new int[rows * LENGTH];
    Arrays.setAll(positions, i -> i);
    return positions;
  }

  private static DenoiserInput input(int rows, boolean labelled, int[] positions) {
    int[] tokens = new int[rows * LENGTH];
    double[] times = new double[rows];
    int[] labels = new int[labelled ? rows : 0];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i * 7 % 6;
    }
    for (int row = 0; row < rows; row++) {
      times[row] = row / 16.0;
      if (labelled) {
        labels[row] = 100 + row;
      }
    }
    return new DenoiserInput(
        Rows.of(TokenBatch.ofFlat(VOCABULARY, rows, tokens)).withLabels(labels), times, positions);
  }
}
