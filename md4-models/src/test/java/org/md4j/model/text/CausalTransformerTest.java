package org.md4j.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.md4j.Tolerance;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.model.TimeConditioning;
import org.nd4j.linalg.api.buffer.DataType;

/** What a causal network may see of a row, and that a bidirectional one still sees all of it. */
class CausalTransformerTest {
  /** Rows of a table in which every n-gram has one of its own, and in which they share rows. */
  private static final int OWN_ROWS = 65_536;

  private static final int SHARED_ROWS = 7;

  /** Sums of 32-bit floats of order 1 in the order another row length has them. */
  private static final double FLOAT_SUMS = 1e-5;

  /** What a token's change must do to logits of order 1 to count as seen. */
  private static final double SEEN = 1e-4;

  private static final int VALUES = 5;
  private static final int ROWS = 3;
  private static final TransformerConfig CONFIG =
      TransformerConfig.builder(VALUES, 7)
          .layers(2)
          .heads(2)
          .headSize(8)
          .conditioning(told -> told.time(TimeConditioning.NONE))
          .attention(Attention.CAUSAL)
          .build();

  @ParameterizedTest
  @CsvSource({"FLOAT, 0", "DOUBLE, 0", "FLOAT, 5", "DOUBLE, 5", "FLOAT, 9"})
  void logitsDependOnTheTokensBeforeTheirPositionAndToTheBitOnNoOther(
      DataType type, int shortConvolution) {
    TransformerDenoiser network =
        TransformerDenoiserTest.scrambled(convolving(shortConvolution), type);
    int length = CONFIG.length();
    int[][] rows = rows();
    double[][] before = logits(network, rows);
    for (int changed = 0; changed < length; changed++) {
      double[][] after = logits(network, changed(changed, changed + 1));
      for (int b = 0; b < ROWS; b++) {
        for (int n = 0; n < length; n++) {
          double[] was = before[b * length + n];
          double[] is = after[b * length + n];
          if (n <= changed) {
            assertThat(is).as("row %d, token %d at %d", b, changed, n).isEqualTo(was);
          } else {
            assertThat(greatestDifference(was, is))
                .as("row %d, token %d at %d", b, changed, n)
                .isGreaterThan(SEEN);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 0, 0", "true, 2, 0", "false, 2, 0", "true, 2, 3"})
  void timeAndClassDoNotLetAPositionSeeAhead(boolean timed, int classes, int shortConvolution) {
    TransformerConfig config =
        TransformerConfig.builder(VALUES, 7)
            .layers(2)
            .heads(2)
            .headSize(8)
            .embedding(TokenEmbedding.INSIDE)
            .conditioning(
                told ->
                    told.time(timed ? TimeConditioning.TIME : TimeConditioning.NONE)
                        .classes(classes))
            .attention(Attention.CAUSAL)
            .dropout(0.3)
            .shortConvolution(shortConvolution)
            .build();
    TransformerDenoiser network = TransformerDenoiserTest.scrambled(config, DataType.FLOAT);
    Uniforms dropout = new CounterRandom(4).uniforms(Purpose.DROPOUT, 1);
    int from = 4;
    int[][] others = changed(from, config.length());

    double[][] before =
        network.forwardForTraining(input(config, rows()), dropout).dup().toDoubleMatrix();
    double[][] after = network.forwardForTraining(input(config, others), dropout).toDoubleMatrix();

    for (int b = 0; b < ROWS; b++) {
      for (int n = 0; n <= from; n++) {
        assertThat(after[b * 7 + n]).isEqualTo(before[b * 7 + n]);
      }
      assertThat(after[b * 7 + from + 1]).isNotEqualTo(before[b * 7 + from + 1]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {OWN_ROWS, SHARED_ROWS})
  void ngramsDoNotLetAPositionSeeAhead(int ngramRows) {
    TransformerDenoiser network =
        TransformerDenoiserTest.scrambled(told(ngramRows), DataType.FLOAT);
    int from = 4;
    int length = CONFIG.length();

    double[][] before = logits(network, rows());
    double[][] after = logits(network, changed(from, length));

    for (int b = 0; b < ROWS; b++) {
      for (int n = 0; n <= from; n++) {
        assertThat(after[b * length + n]).isEqualTo(before[b * length + n]);
      }
      assertThat(after[b * length + from + 1]).isNotEqualTo(before[b * length + from + 1]);
    }
  }

  @Test
  void aBidirectionalNetworkOfTheSameParametersSeesEveryToken() {
    TransformerDenoiser network =
        TransformerDenoiserTest.scrambled(
            CONFIG.toBuilder().attention(Attention.BIDIRECTIONAL).build(), DataType.FLOAT);
    int length = CONFIG.length();
    double[][] before = logits(network, rows());
    for (int changed = 0; changed < length; changed++) {
      double[][] after = logits(network, changed(changed, changed + 1));
      for (int p = 0; p < after.length; p++) {
        assertThat(greatestDifference(before[p], after[p])).isGreaterThan(SEEN);
      }
    }
  }

  @Test
  void causalOrNotTheSameSeedDrawsTheSameParameters() {
    float[] causal = TransformerDenoiser.create(CONFIG, 3).parameters().dup().data().asFloat();
    float[] plain =
        TransformerDenoiser.create(CONFIG.toBuilder().attention(Attention.BIDIRECTIONAL).build(), 3)
            .parameters()
            .dup()
            .data()
            .asFloat();

    assertThat(causal).isEqualTo(plain);
  }

  /** Lengths follow each other, so that a mask kept for another length would be found out. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "6, 0", "7, 0", "1, 5", "2, 5", "6, 5"})
  void aRowCutOffAfterAPositionHasItsLogits(int cut, int shortConvolution) {
    assertRowsCutOffHaveTheirLogits(cut, convolving(shortConvolution));
  }

  @ParameterizedTest
  @CsvSource({"1, " + OWN_ROWS, "2, " + OWN_ROWS, "6, " + OWN_ROWS, "2, " + SHARED_ROWS})
  void aRowOfNgramsCutOffAfterAPositionHasItsLogits(int cut, int ngramRows) {
    assertRowsCutOffHaveTheirLogits(cut, told(ngramRows));
  }

  private static void assertRowsCutOffHaveTheirLogits(int cut, TransformerConfig config) {
    TransformerDenoiser network = TransformerDenoiserTest.scrambled(config, DataType.FLOAT);
    int length = CONFIG.length();
    double[][] whole = logits(network, rows());

    int[][] beginnings =
        Arrays.stream(rows()).map(row -> Arrays.copyOf(row, cut)).toArray(int[][]::new);
    double[][] parts = logits(network, beginnings);

    for (int b = 0; b < ROWS; b++) {
      for (int n = 0; n < cut; n++) {
        assertThat(parts[b * cut + n]).containsExactly(whole[b * length + n], within(FLOAT_SUMS));
      }
    }
  }

  /**
   * The law of a row, the product of p(token n | tokens before n), sums to 1 over all rows, which
   * it would not if a position saw what it predicts.
   */
  @ParameterizedTest
  @CsvSource({"0, false", "3, false", "0, true", "3, true"})
  void theProductOverPositionsIsALawOverRows(int shortConvolution, boolean ngrams) {
    TransformerDenoiser network =
        TransformerDenoiserTest.scrambled(
            TransformerConfig.builder(2, 4)
                .layers(1)
                .heads(2)
                .headSize(4)
                .embedding(TokenEmbedding.INSIDE)
                .conditioning(told -> told.time(TimeConditioning.NONE))
                .attention(Attention.CAUSAL)
                .shortConvolution(shortConvolution)
                .ngrams(ngrams ? new NgramEmbedding(List.of(2, 3), 5, 3) : NgramEmbedding.none())
                .build(),
            DataType.DOUBLE);
    int length = 4;
    int[][] rows = new int[1 << length][length];
    for (int row = 0; row < rows.length; row++) {
      for (int n = 0; n < length; n++) {
        rows[row][n] = row >> n & 1;
      }
    }
    double[][] logits = logits(network, rows);
    double total = 0;
    for (int row = 0; row < rows.length; row++) {
      double probability = 1;
      for (int n = 0; n < length; n++) {
        double[] at = logits[row * length + n];
        probability *= Math.exp(at[rows[row][n]]) / DoubleStream.of(at).map(Math::exp).sum();
      }
      total += probability;
    }

    assertThat(total).isCloseTo(1, within(Tolerance.EXACT_DOUBLE));
  }

  @Test
  void dl4jKeepsCausalityInItsGraph(@TempDir Path folder) throws IOException {
    TransformerDenoiser network = TransformerDenoiserTest.scrambled(CONFIG, DataType.FLOAT);
    network.graph().save(folder.resolve("graph.zip").toFile(), false);

    ComputationGraph loaded = ComputationGraph.load(folder.resolve("graph.zip").toFile(), false);

    assertThat(loaded.getConfiguration()).isEqualTo(network.graph().getConfiguration());
    assertThat(loaded.getConfiguration())
        .isNotEqualTo(
            TransformerGraph.configuration(
                CONFIG.toBuilder().attention(Attention.BIDIRECTIONAL).build(), DataType.FLOAT));
  }

  private static TransformerConfig told(int ngramRows) {
    return CONFIG.toBuilder().ngrams(new NgramEmbedding(List.of(2, 4), ngramRows, 3)).build();
  }

  private static TransformerConfig convolving(int width) {
    return CONFIG.toBuilder().shortConvolution(width).build();
  }

  /** Rows with masks among their tokens. */
  private static int[][] rows() {
    int[][] rows = new int[ROWS][CONFIG.length()];
    for (int b = 0; b < ROWS; b++) {
      for (int n = 0; n < rows[b].length; n++) {
        rows[b][n] = (n * n + 2 * b + 1) % (VALUES + 1);
      }
    }
    return rows;
  }

  /** The same rows with another token at each of some positions. */
  private static int[][] changed(int from, int to) {
    int[][] rows = rows();
    for (int[] row : rows) {
      for (int n = from; n < to; n++) {
        row[n] = (row[n] + 1) % (VALUES + 1);
      }
    }
    return rows;
  }

  private static DenoiserInput input(TransformerConfig config, int[][] rows) {
    TokenBatch tokens = TokenBatch.of(config.vocabulary(), rows);
    double[] times = new double[rows.length];
    Arrays.fill(times, 0.4);
    int[] labels = new int[config.classes() == 0 ? 0 : rows.length];
    return new DenoiserInput(
        Rows.of(tokens).withLabels(labels),
        times,
        DenoiserInput.everywhere(Rows.of(tokens), times).positions());
  }

  private static double[][] logits(TransformerDenoiser network, int[][] rows) {
    return network.logits(input(network.config(), rows)).toDoubleMatrix();
  }

  private static double greatestDifference(double[] a, double[] b) {
    double greatest = 0;
    for (int i = 0; i < a.length; i++) {
      greatest = Math.max(greatest, Math.abs(a[i] - b[i]));
    }
    return greatest;
  }
}
