package org.md4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostLogits;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What every {@link Denoiser} promises. A network of your own is held to it by extending this class
 * and handing it the network, its vocabulary and a length of rows it can read.
 *
 * <p>The tests need an ND4J backend on the class path.
 */
public abstract class DenoiserContract {
  /** Sums taken in another order, relative to the largest logit. */
  private static final double FLOAT_ROUNDING = 1e-4;

  private static final double DOUBLE_ROUNDING = 1e-10;

  private static final int ROWS = 3;

  /** The denoiser under test; may be the same object each call. */
  protected abstract Denoiser denoiser();

  /** The vocabulary it predicts. */
  protected abstract Vocabulary vocabulary();

  /** N: a row length it can read, at least 2. */
  protected abstract int length();

  /** The number of classes it is conditioned on; 0 for none. */
  protected int classes() {
    return 0;
  }

  @Test
  protected final void logitsHaveOneRowForEachPositionAndOneColumnForEachRealToken() {
    DenoiserInput input = question(ROWS);
    INDArray logits = denoiser().logits(input);

    assertThat(logits.shape()).containsExactly(input.positions().length, vocabulary().size());
    assertThat(logits.ordering()).isEqualTo('c');
    assertThat(logits.dataType()).isIn(DataType.FLOAT, DataType.DOUBLE);
  }

  @Test
  protected final void logitsAreFiniteAtBothEndsOfTime() {
    for (double time : new double[] {0, 1}) {
      double[] times = new double[ROWS];
      Arrays.fill(times, time);
      DenoiserInput input =
          new DenoiserInput(
              Rows.of(tokens()).withLabels(labels(0, ROWS)), times, allPositions(ROWS));

      assertThat(Arrays.stream(values(denoiser().logits(input)).values()))
          .allMatch(Double::isFinite);
    }
  }

  @Test
  protected final void readsRowsOfMasksOnlyAndRowsWithoutMasks() {
    double[] times = {1, 1, 1};
    TokenBatch masks = TokenBatch.allMasked(vocabulary(), ROWS, length());
    TokenBatch clean = TokenBatch.ofFlat(vocabulary(), ROWS, new int[ROWS * length()]);

    for (TokenBatch batch : new TokenBatch[] {masks, clean}) {
      DenoiserInput input =
          new DenoiserInput(Rows.of(batch).withLabels(labels(0, ROWS)), times, allPositions(ROWS));

      assertThat(Arrays.stream(values(denoiser().logits(input)).values()))
          .allMatch(Double::isFinite);
    }
  }

  @Test
  protected final void theSameQuestionHasTheSameAnswerWhateverTheCallerDidToTheLast() {
    DenoiserInput input = question(ROWS);
    Denoiser denoiser = denoiser();
    INDArray first = denoiser.logits(input);
    double[] before = values(first).values();
    first.assign(0);
    double[] after = values(denoiser.logits(input)).values();

    assertThat(after).containsExactly(before);
  }

  @Test
  protected final void aRowsLogitsDoNotDependOnTheOtherRows() {
    Logits together = values(denoiser().logits(everywhere(0, ROWS)));
    for (int b = 0; b < ROWS; b++) {
      Logits alone = values(denoiser().logits(everywhere(b, b + 1)));
      int size = length() * vocabulary().size();

      assertThat(alone.values())
          .as("row %s alone", b)
          .containsExactly(
              Arrays.copyOfRange(together.values(), b * size, (b + 1) * size), alone.rounding());
    }
  }

  @Test
  protected final void aPositionsLogitsDoNotDependOnWhichOthersAreWanted() {
    int columns = vocabulary().size();
    DenoiserInput some = question(ROWS);
    Logits everywhere = values(denoiser().logits(everywhere(0, ROWS)));
    Logits wanted = values(denoiser().logits(some));
    double[] expected =
        IntStream.of(some.positions())
            .boxed()
            .flatMapToDouble(
                position ->
                    Arrays.stream(
                        everywhere.values(), position * columns, (position + 1) * columns))
            .toArray();

    assertThat(wanted.values()).containsExactly(expected, wanted.rounding());
  }

  @Test
  protected final void blocksAreTheLogitsEachOnce() {
    DenoiserInput input = question(ROWS);
    Denoiser denoiser = denoiser();
    Logits logits = values(denoiser.logits(input));
    int columns = vocabulary().size();
    double[] read = new double[logits.values().length];
    int[] times = new int[input.positions().length];

    denoiser.readLogits(
        input,
        (from, block) -> {
          double[] values = values(block).values();
          System.arraycopy(values, 0, read, from * columns, values.length);
          for (int p = 0; p < block.size(0); p++) {
            times[from + p]++;
          }
          block.assign(7);
        });

    assertThat(read).containsExactly(logits.values(), logits.rounding());
    assertThat(times).containsOnly(1);
  }

  @Test
  protected final void theHostReadsTheSameLogitsInWhateverOrder() {
    DenoiserInput input = question(ROWS);
    Denoiser denoiser = denoiser();
    Logits logits = values(denoiser.logits(input));
    int columns = vocabulary().size();
    int[] forwards = IntStream.range(0, input.positions().length).toArray();
    int[] everyOther = IntStream.of(forwards).map(i -> forwards.length - 1 - i / 2 * 2).toArray();
    HostLogits read = denoiser.hostLogits(input);

    assertThat(read.read(forwards)).containsExactly(logits.values(), logits.rounding());
    double[] expected =
        IntStream.of(everyOther)
            .boxed()
            .flatMapToDouble(i -> Arrays.stream(logits.values(), i * columns, (i + 1) * columns))
            .toArray();
    assertThat(read.read(everyOther)).containsExactly(expected, logits.rounding());
  }

  /**
   * A question at some positions of every row, at times of their own.
   *
   * @param rows at most 3; of fewer, the first
   */
  protected final DenoiserInput question(int rows) {
    int[] positions = IntStream.of(allPositions(rows)).filter(i -> i % 3 != 1).toArray();
    return new DenoiserInput(
        Rows.of(tokens().rows(0, rows)).withLabels(labels(0, rows)), times(0, rows), positions);
  }

  private DenoiserInput everywhere(int from, int to) {
    return new DenoiserInput(
        Rows.of(tokens().rows(from, to)).withLabels(labels(from, to)),
        times(from, to),
        allPositions(to - from));
  }

  private TokenBatch tokens() {
    Uniforms uniforms = new CounterRandom(1).uniforms(Purpose.DATA, 0);
    int[] tokens = new int[ROWS * length()];
    Arrays.setAll(
        tokens, i -> (int) (uniforms.at(i / length(), i % length()) * (vocabulary().size() + 1)));
    return TokenBatch.ofFlat(vocabulary(), ROWS, tokens);
  }

  private static double[] times(int from, int to) {
    return IntStream.range(from, to).mapToDouble(b -> (b + 1.0) / (ROWS + 1)).toArray();
  }

  private int[] labels(int from, int to) {
    return classes() == 0
        ? new int[0]
        : IntStream.range(from, to).map(b -> b % classes()).toArray();
  }

  private int[] allPositions(int rows) {
    return IntStream.range(0, rows * length()).toArray();
  }

  private static Logits values(INDArray logits) {
    double[] values = logits.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
    double rounding = logits.dataType() == DataType.DOUBLE ? DOUBLE_ROUNDING : FLOAT_ROUNDING;
    return new Logits(values, within(rounding * (1 + largest)));
  }

  /** A pair of results inside one test. */
  private record Logits(double[] values, Offset<Double> rounding) {}
}
