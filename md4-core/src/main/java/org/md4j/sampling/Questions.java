package org.md4j.sampling;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.HostLogits;
import org.md4j.core.Vocabulary;

/** The questions of a run to its network: the latest answer, and what all of them cost. */
final class Questions {
  /** The number of logits on the host at a time, unless a single position has more. */
  private static final int LARGEST_BLOCK = 1 << 20;

  private final Denoiser denoiser;
  private final int size;
  private final Prediction prediction;
  private int[] asked = {};
  private HostLogits answer = indices -> new double[0];
  private long evaluations;
  private long rows;
  private long positions;

  Questions(Denoiser denoiser, Vocabulary vocabulary, LogitFilter filter) {
    this.denoiser = denoiser;
    size = vocabulary.size();
    prediction = new Prediction(size, filter);
  }

  /**
   * Asks the network and hands each prediction on.
   *
   * @param positions what the reader knows the positions of the question as, ascending, [P]
   */
  void ask(DenoiserInput question, int[] positions, SamplingRun.Reader reader) {
    evaluations++;
    rows += question.times().length;
    this.positions += positions.length;
    asked = positions;
    answer = denoiser.hostLogits(question);
    read(positions, IntStream.range(0, positions.length).toArray(), reader);
  }

  /** Hands on predictions of the latest question once more, at some of its positions. */
  void readAgain(int[] positions, SamplingRun.Reader reader) {
    int[] indices = IntStream.of(positions).map(i -> Arrays.binarySearch(asked, i)).toArray();
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] < 0) {
        throw new IllegalArgumentException(
            "position (%d) must be one the latest question was about".formatted(positions[i]));
      }
    }
    read(positions, indices, reader);
  }

  /** The cost of all questions so far. */
  SamplingCost cost(long tokens, double seconds) {
    return new SamplingCost(evaluations, rows, positions, tokens, seconds);
  }

  private void read(int[] positions, int[] indices, SamplingRun.Reader reader) {
    int block = Math.max(1, LARGEST_BLOCK / size);
    for (int from = 0; from < positions.length; from += block) {
      int to = Math.min(positions.length, from + block);
      double[] logits = answer.read(Arrays.copyOfRange(indices, from, to));
      for (int i = from; i < to; i++) {
        prediction.pointAt(logits, (i - from) * size);
        reader.read(positions[i], prediction);
      }
    }
  }
}
