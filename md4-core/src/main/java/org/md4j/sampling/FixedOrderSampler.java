package org.md4j.sampling;

import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;

/**
 * Reveals tokens in an order fixed before sampling, as many in a step as the grid says.
 *
 * <pre>
 *   a row of M blanks holds round(M (m(t_i) - m(0)) / (m(1) - m(0))) masks after step i, m = 1 - alpha
 * </pre>
 *
 * <p>As many as {@link OrderedSampler} reveals, but where a {@link PositionOrder} says and not
 * where the network is surest. What it is surest about lies beside what it knows, so that
 * neighbours, which depend on each other, are drawn together and conflict; {@link
 * PositionOrder#dilated} and {@link PositionOrder#halton} draw together what is far apart. The
 * network is asked only at the positions about to be revealed: at most min(T, M) evaluations a row,
 * and M positions.
 *
 * <p>Only tokens are drawn, by a uniform number of {@link Purpose#TOKEN}; the order has no chance.
 * The law is not that of the diffusion model. It is known: {@link
 * org.md4j.likelihood.PolicyLikelihood} with {@link
 * org.md4j.likelihood.UnmaskingPolicy#of(FixedOrderSampler, int)} computes the probability of a
 * row.
 *
 * <p>Source: of the numbers MaskGIT, Chang et al., arXiv 2202.04200, section 3.2; of the orders see
 * {@link DilatedOrder} and {@link HaltonOrder}.
 *
 * @param decoding how the network is asked and tokens are drawn
 * @param order of the blanks
 * @param grid the times of the T steps
 */
public record FixedOrderSampler(Decoding decoding, PositionOrder order, TimeGrid grid)
    implements ReverseSampler {
  private static final int[] NONE = {};

  /**
   * Draws the rows.
   *
   * @throws IllegalArgumentException if there is no such order of rows of that length
   */
  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    MasksLeft left = left();
    int[] groups = groups(run.rows(), left);
    run.rounds(row -> next(run, row, left, groups), run::revealDrawn);
    return run.result();
  }

  /**
   * Returns the number of tokens revealed in each step that reveals any, in order.
   *
   * @param blanks M, at least 0
   * @return each at least 1, M in all
   */
  public int[] sizes(int blanks) {
    return left().sizes(blanks);
  }

  private MasksLeft left() {
    return new MasksLeft(decoding.schedule(), grid);
  }

  /** Returns the group of each blank, flat [B * N]; zero, and not read, where a token is given. */
  private int[] groups(UnfinishedRows rows, MasksLeft left) {
    int[] groups = new int[Math.multiplyExact(rows.count(), rows.length())];
    for (int row = 0; row < rows.count(); row++) {
      int first = row * rows.length();
      int[] masked = rows.maskedPositions(row);
      int[] blanks = IntStream.of(masked).map(position -> position - first).toArray();
      int[] ofRow = order.groups(rows.length(), blanks, left.sizes(blanks.length));
      for (int i = 0; i < masked.length; i++) {
        groups[masked[i]] = ofRow[i];
      }
    }
    return groups;
  }

  private int[] next(SamplingRun run, int row, MasksLeft left, int[] groups) {
    UnfinishedRows rows = run.rows();
    int[] masked = rows.maskedPositions(row);
    if (masked.length == 0) {
      return NONE;
    }
    int step = left.nextStep(run.step(row), rows.blanks(row), masked.length);
    run.moveTo(row, step, grid.time(step - 1));
    return PositionOrder.next(masked, groups);
  }
}
