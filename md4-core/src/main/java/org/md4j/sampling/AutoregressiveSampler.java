package org.md4j.sampling;

import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;

/**
 * Draws rows from left to right: for networks whose prediction of a token depends on the tokens
 * before it only.
 *
 * <pre>
 *   the first masked position n of a row becomes token v with probability mu(x_1 .. x_(n-1))[v]
 * </pre>
 *
 * <p>The law is the network's own, by the chain rule of probability, and a row with N blanks takes
 * N evaluations; the k-th blank of every row is asked about in one call. The network sees masks
 * from the position asked about on and is told t = 0; a causal network reads neither.
 *
 * <p>Masks must be the end of each row: tokens after a blank could not be taken into account. A
 * network that is not causal may be asked all the same, which draws in the order of reading.
 *
 * <p>Only tokens are drawn, by a uniform number of {@link Purpose#TOKEN}; a row's k-th blank is its
 * step k.
 *
 * @param filter applied to the logits of a position before its token is drawn
 */
public record AutoregressiveSampler(LogitFilter filter) implements ReverseSampler {
  private static final int[] NONE = {};

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(filter, denoiser, request, listener);
    UnfinishedRows rows = run.rows();
    for (int row = 0; row < rows.count(); row++) {
      requireMasksAtTheEnd(rows, row);
    }
    run.rounds(row -> firstBlank(run, row), run::revealDrawn);
    return run.result();
  }

  private static int[] firstBlank(SamplingRun run, int row) {
    int masks = run.rows().masks(row);
    if (masks == 0) {
      return NONE;
    }
    run.moveTo(row, run.step(row) + 1, 0);
    return new int[] {(row + 1) * run.rows().length() - masks};
  }

  private static void requireMasksAtTheEnd(UnfinishedRows rows, int row) {
    int[] masked = rows.maskedPositions(row);
    int end = (row + 1) * rows.length();
    if (masked.length > 0 && masked[0] != end - masked.length) {
      throw new IllegalArgumentException(
          "start must have its masks at the end of each row, to be drawn from left to right, got a"
              + " mask at position "
              + masked[0] % rows.length()
              + " of row "
              + row
              + " with tokens after it; fill blanks between given tokens with a diffusion model");
    }
  }
}
