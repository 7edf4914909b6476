package org.md4j.sampling;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;

/**
 * The workbench that samplers are written with: one call while its rows are drawn. A sampler
 * decides where and when tokens are revealed; the run asks the network, draws the tokens, counts
 * what it cost and tells the listener. Here is one that reveals the blanks of a row one by one, in
 * an order of chance:
 *
 * <pre>
 *   record RandomOrder(Decoding decoding) implements ReverseSampler {
 *     public SamplingResult sample(
 *         Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
 *       SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
 *       run.rounds(row -&gt; next(run, row), run::revealDrawn);
 *       return run.result();
 *     }
 *
 *     private static int[] next(SamplingRun run, int row) {
 *       int[] masked = run.rows().maskedPositions(row);
 *       if (masked.length == 0) {
 *         return masked;
 *       }
 *       int step = run.step(row) + 1;
 *       run.moveTo(row, step, (double) masked.length / run.rows().blanks(row));
 *       double u = run.uniform(Purpose.UNMASK, step, row * run.rows().length());
 *       return new int[] {masked[(int) (u * masked.length)]};
 *     }
 *   }
 * </pre>
 *
 * <p>A round is one question to the network, {@link #ask}, the reveals and remasks that come of it,
 * and {@link #endRound}. Each row is at a step and a time of its own, set with {@link #moveTo}
 * before it is asked about: steps order the events of a row, and the time is told to network and
 * listener. Positions are flat, {@code row * N + n}.
 *
 * <p>All randomness is drawn with {@link #uniform}, from the seed of the request and the number of
 * the row, and no row needs to know of another: so rows drawn in one call or in several are the
 * same. {@code org.md4j.contract.ReverseSamplerContract}, in the contracts jar of md4-core, holds a
 * sampler to that and to the rest of what {@link ReverseSampler} promises.
 *
 * <p>A run serves one call, on one thread.
 */
public final class SamplingRun {
  private final Telling telling;
  private final SamplingRequest request;
  private final SamplingListener listener;
  private final UnfinishedRows rows;
  private final Questions questions;
  private final int[] steps;
  private final double[] times;
  private final long begin = System.nanoTime();
  private long revealed;
  private boolean roundIsOpen;

  /** Reads what the network predicts at positions it was asked about. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads a prediction.
     *
     * @param position flat
     * @param prediction valid for the time of the call
     */
    void read(int position, Prediction prediction);
  }

  /** The time a time-conditioned network is told about a row. */
  @FunctionalInterface
  private interface Telling {
    double time(double stepTime, int visible, int length);
  }

  /** Begins a run whose network is asked and whose tokens are drawn as a decoding says. */
  public SamplingRun(
      Decoding decoding, Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    this(decoding.filter(), decoding::told, denoiser, request, listener);
  }

  /**
   * Begins a run whose network is told the sampler's own times.
   *
   * @param filter applied to the logits of a position before its token is drawn
   */
  public SamplingRun(
      LogitFilter filter, Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    this(filter, (stepTime, visible, length) -> stepTime, denoiser, request, listener);
  }

  private SamplingRun(
      LogitFilter filter,
      Telling telling,
      Denoiser denoiser,
      SamplingRequest request,
      SamplingListener listener) {
    this.telling = telling;
    this.request = request;
    this.listener = listener;
    rows = new UnfinishedRows(request);
    questions = new Questions(denoiser, rows.vocabulary(), filter);
    steps = new int[rows.count()];
    times = new double[rows.count()];
    Arrays.fill(times, 1);
  }

  /** The rows as they are now. */
  public UnfinishedRows rows() {
    return rows;
  }

  /** The step a row is at: 0 before the first. */
  public int step(int row) {
    return steps[row];
  }

  /** The sampler's own time of the step a row is at: 1 before the first. */
  public double time(int row) {
    return times[row];
  }

  /**
   * Takes a row to a step, before the row is asked about.
   *
   * @param step from 1
   * @param time the sampler's own time of the step, in [0, 1]
   */
  public void moveTo(int row, int step, double time) {
    if (step < 1) {
      throw new IllegalArgumentException("step (" + step + ") must be at least 1");
    }
    if (!(time >= 0 && time <= 1)) {
      throw new IllegalArgumentException("time (" + time + ") must be in [0, 1]");
    }
    steps[row] = step;
    times[row] = time;
  }

  /**
   * Takes every row to the same step.
   *
   * @param step from 1
   * @param time the sampler's own time of the step, in [0, 1]
   */
  public void moveAllTo(int step, double time) {
    for (int row = 0; row < rows.count(); row++) {
      moveTo(row, step, time);
    }
  }

  /**
   * The uniform number, in [0, 1), that a position has for a purpose in a step: the same however
   * the rows are split into calls. A row as a whole takes that of its first position.
   */
  public double uniform(Purpose purpose, int step, int position) {
    return request.random().uniforms(purpose, step).at(example(position), position % rows.length());
  }

  /**
   * Chooses those of some positions whose uniform number is below a probability, in their order.
   */
  public int[] choose(int[] positions, Purpose purpose, int step, double probability) {
    return IntStream.of(positions)
        .filter(position -> uniform(purpose, step, position) < probability)
        .toArray();
  }

  /**
   * Asks the network about masks as the rows are now, each row at its own time, and hands each
   * prediction on. Rows that hold none of the positions are not sent. Without positions nothing
   * happens; otherwise {@link #endRound} is to follow.
   *
   * @param positions flat, strictly ascending
   * @return whether there was anything to ask
   */
  public boolean ask(int[] positions, Reader reader) {
    if (roundIsOpen) {
      throw new IllegalStateException("endRound must be called before the network is asked again");
    }
    if (positions.length == 0) {
      return false;
    }
    DenoiserInput question =
        rows.question(
            positions,
            row -> telling.time(times[row], rows.length() - rows.masks(row), rows.length()));
    roundIsOpen = true;
    questions.ask(question, positions, reader);
    return true;
  }

  /**
   * Hands on predictions of the latest question once more.
   *
   * @param positions some of those asked about, in any order
   */
  public void readAgain(int[] positions, Reader reader) {
    questions.readAgain(positions, reader);
  }

  /** Ends a round: the listener is shown the rows. */
  public void endRound() {
    roundIsOpen = false;
    listener.onRound(rows.toBatch());
  }

  /**
   * Holds rounds until no row has anything to ask any more. The k-th event of every row is part of
   * the k-th question: rows do not wait for each other, and calls are few and full.
   *
   * @param next takes a row to its next event with {@link #moveTo} and returns the positions to ask
   *     about, ascending; none when there are no more, and then it may be called again
   */
  public void rounds(IntFunction<int[]> next, Reader reader) {
    while (ask(rows.positions(next), reader)) {
      endRound();
    }
  }

  /** Draws the token of a mask from its prediction and reveals it. */
  public void revealDrawn(int position, Prediction prediction) {
    reveal(position, prediction.filtered().draw(tokenUniform(position)), prediction);
  }

  /**
   * Draws the token of a mask from its prediction and reveals it if it is accepted, all by one
   * uniform number.
   *
   * @param acceptance probability of each token drawn to be revealed, [V]
   * @return whether a token was revealed
   */
  public boolean revealAccepted(int position, Prediction prediction, double[] acceptance) {
    int token = prediction.filtered().drawAccepted(tokenUniform(position), acceptance);
    if (token == Categorical.NONE) {
      return false;
    }
    reveal(position, token, prediction);
    return true;
  }

  /** Reveals the likeliest token of a mask, the lowest id on ties. */
  public void revealLikeliest(int position, Prediction prediction) {
    reveal(position, prediction.filtered().argmax(), prediction);
  }

  /**
   * Reveals a token where a mask is.
   *
   * @param token in 0..V-1
   */
  public void reveal(int position, int token, Prediction prediction) {
    rows.reveal(position, token);
    revealed++;
    int row = rows.row(position);
    listener.onReveal(
        new Reveal(
            example(position),
            steps[row],
            times[row],
            position % rows.length(),
            token,
            prediction.network().probability(token),
            prediction.network().entropy()));
  }

  /** Masks a token of the sampler's own again. */
  public void remask(int position) {
    int token = rows.remask(position);
    int row = rows.row(position);
    listener.onRemask(
        new Remask(example(position), steps[row], times[row], position % rows.length(), token));
  }

  /**
   * Fills what is still masked with the likeliest tokens at t = 0, one question about all rows.
   *
   * @param step the number of this step
   */
  public void fillLeftOver(int step) {
    for (int row : rows.masked()) {
      moveTo(row, step, 0);
    }
    if (ask(rows.positions(rows::maskedPositions), this::revealLikeliest)) {
      endRound();
    }
  }

  /**
   * Returns what was drawn and what it cost.
   *
   * @throws IllegalStateException if masks are left or the last round has not been ended
   */
  public SamplingResult result() {
    if (roundIsOpen) {
      throw new IllegalStateException("endRound must be called before the result is taken");
    }
    if (rows.masked().length > 0) {
      throw new IllegalStateException(
          "no mask must be left when the result is taken, got one in row %d; fillLeftOver fills masks"
              .formatted(rows.masked()[0]));
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    return new SamplingResult(rows.toBatch(), questions.cost(revealed, seconds));
  }

  private double tokenUniform(int position) {
    return uniform(Purpose.TOKEN, steps[rows.row(position)], position);
  }

  private long example(int position) {
    return request.start().firstExample() + rows.row(position);
  }
}
