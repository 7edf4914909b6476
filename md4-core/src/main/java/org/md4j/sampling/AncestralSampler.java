package org.md4j.sampling;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The sampler of MD4: T steps from all masks to data.
 *
 * <pre>
 *   in a step from t to s, each masked position by itself
 *     stays masked      with probability (1 - alpha(s)) / (1 - alpha(t))
 *     becomes token v   with probability (alpha(s) - alpha(t)) / (1 - alpha(t)) mu(x_t, t)[v]
 * </pre>
 *
 * <p>A clipped schedule leaves a token masked after the last step with probability {@code (1 -
 * alpha(0)) / (1 - alpha(1))}; such a token becomes the likeliest one at t = 0 (the lowest id on
 * ties).
 *
 * <p>Two draws decide: a uniform number of {@link Purpose#UNMASK} whether a position is revealed in
 * step i, one of {@link Purpose#TOKEN} which token it becomes. The network is asked only about
 * positions that are revealed, given only the rows that hold one, and not at all in a step that
 * reveals none. All of it is in double with 53-bit uniforms. Tokens given in {@code start} are
 * never touched (infilling); the times run from 1 nevertheless.
 *
 * <p>Deviation: the reference code makes one draw among V+1 outcomes, with Gumbel noise in single
 * precision, which drops the least likely tokens. The law is the same up to that.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 4 and algorithm 2; the reference code's {@code
 * ancestral} sampler and {@code decode} (google-deepmind/md4, commit b9fbf29).
 *
 * @param schedule the alpha the network was trained with
 * @param grid the times visited
 * @param steps T, at least 1
 */
public record AncestralSampler(MaskingSchedule schedule, TimeGrid grid, int steps)
    implements ReverseSampler {
  /** Logits on the host at a time, unless a single position has more. */
  private static final int LARGEST_BLOCK = 1 << 20;

  /** Rejects a sampler without steps. */
  public AncestralSampler {
    if (steps < 1) {
      throw new IllegalArgumentException("steps (" + steps + ") must be at least 1");
    }
  }

  @Override
  public TokenBatch sample(
      Denoiser denoiser,
      TokenBatch start,
      long firstExample,
      CounterRandom random,
      SamplingListener listener) {
    if (firstExample < 0) {
      throw new IllegalArgumentException("firstExample (" + firstExample + ") must be at least 0");
    }
    ForwardProcess process = new ForwardProcess(schedule);
    TokenBatch tokens = start;
    for (int step = 0; step < steps; step++) {
      double time = grid.time(step, steps);
      double unmask = process.unmaskProbability(grid.time(step + 1, steps), time);
      RowUniforms reveals =
          new RowUniforms(random.uniforms(Purpose.UNMASK, step), start.length(), firstExample);
      RowUniforms draws =
          new RowUniforms(random.uniforms(Purpose.TOKEN, step), start.length(), firstExample);
      tokens =
          reveal(
              denoiser,
              tokens,
              time,
              position -> reveals.at(position) < unmask,
              (logits, from, position) ->
                  Categorical.draw(logits, from, start.vocabulary().size(), draws.at(position)));
      listener.onStep(step + 1, steps, tokens);
    }
    if (tokens.maskedPositions().length == 0) {
      return tokens;
    }
    TokenBatch filled =
        reveal(
            denoiser,
            tokens,
            0,
            position -> true,
            (logits, from, position) ->
                Categorical.argmax(logits, from, start.vocabulary().size()));
    listener.onStep(steps, steps, filled);
    return filled;
  }

  /** The uniforms of a step, looked up by flat position. */
  private record RowUniforms(Uniforms uniforms, int length, long firstExample) {
    double at(int position) {
      return uniforms.at(firstExample + position / length, position % length);
    }
  }

  /** Picks the token of a position from the row of logits that begins at {@code from}. */
  @FunctionalInterface
  private interface TokenChoice {
    int choose(double[] logits, int from, int position);
  }

  /** Asks about the masked positions that are wanted and writes the tokens chosen there. */
  private static TokenBatch reveal(
      Denoiser denoiser, TokenBatch tokens, double time, IntPredicate wanted, TokenChoice choice) {
    int[] positions = Arrays.stream(tokens.maskedPositions()).filter(wanted).toArray();
    if (positions.length == 0) {
      return tokens;
    }
    int size = tokens.vocabulary().size();
    INDArray logits = denoiser.logits(question(tokens, positions, time));
    requireShape(logits, positions.length, size);
    int[] revealed = tokens.toFlat();
    int block = Math.max(1, LARGEST_BLOCK / size);
    for (int from = 0; from < positions.length; from += block) {
      int count = Math.min(block, positions.length - from);
      double[] values = toHost(logits, from, count);
      for (int i = 0; i < count; i++) {
        int position = positions[from + i];
        revealed[position] = choice.choose(values, i * size, position);
      }
    }
    return TokenBatch.ofFlat(tokens.vocabulary(), tokens.rows(), revealed);
  }

  /** The question about these positions, without the rows that hold none of them. */
  private static DenoiserInput question(TokenBatch tokens, int[] positions, double time) {
    int length = tokens.length();
    int[] flat = tokens.toFlat();
    int[] asked = new int[positions.length];
    int rows = 0;
    int previous = -1;
    for (int i = 0; i < positions.length; i++) {
      int row = positions[i] / length;
      if (row != previous) {
        // Rows only move up, so none is overwritten before it is moved.
        System.arraycopy(flat, row * length, flat, rows * length, length);
        rows++;
        previous = row;
      }
      asked[i] = (rows - 1) * length + positions[i] % length;
    }
    double[] times = new double[rows];
    Arrays.fill(times, time);
    TokenBatch askedRows =
        rows == tokens.rows()
            ? tokens
            : TokenBatch.ofFlat(tokens.vocabulary(), rows, Arrays.copyOf(flat, rows * length));
    return new DenoiserInput(askedRows, times, asked);
  }

  /** Rows {@code from} to {@code from + count} of [P, V], [count * V]. */
  private static double[] toHost(INDArray logits, int from, int count) {
    INDArray rows = logits.get(NDArrayIndex.interval(from, from + count), NDArrayIndex.all());
    try (INDArray copy = rows.dup('c')) {
      return copy.data().asDouble();
    }
  }

  private static void requireShape(INDArray logits, int rows, int size) {
    if (logits.rank() != 2 || logits.size(0) != rows || logits.size(1) != size) {
      throw new IllegalArgumentException(
          "logits of the denoiser must have shape [P, V] = ["
              + rows
              + ", "
              + size
              + "], got "
              + Arrays.toString(logits.shape()));
    }
  }
}
