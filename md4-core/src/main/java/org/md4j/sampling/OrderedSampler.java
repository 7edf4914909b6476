package org.md4j.sampling;

import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;

/**
 * Reveals the tokens the network is surest about first, as many in a step as the grid says.
 *
 * <pre>
 *   a row of M blanks holds round(M (m(t_i) - m(0)) / (m(1) - m(0))) masks after step i, m = 1 - alpha
 * </pre>
 *
 * <p>so that none is left after the last step. In a step that reveals k tokens the network is asked
 * at every mask of the row, and the k positions of the best {@link RevealOrder} score, the lowest
 * position first on ties, get tokens drawn from its predictions. Steps that reveal nothing are not
 * asked about: at most min(T, M) evaluations a row. Rows do not wait for each other: each call asks
 * about the next step of every row that has one, each row at its own time.
 *
 * <p>Only tokens are drawn, by a uniform number of {@link Purpose#TOKEN}; the order is the
 * network's. The law is not that of the diffusion model: it trades variety for plausible rows.
 *
 * <p>Source: MaskGIT, Chang et al., arXiv 2202.04200, section 3.2; the scores are those of {@link
 * RevealOrder}.
 *
 * <p>Deviation: MaskGIT adds Gumbel noise to the scores; here the order has no randomness of its
 * own.
 *
 * @param decoding how the network is asked and tokens are drawn
 * @param order what makes a prediction sure
 * @param grid the times of the T steps
 */
public record OrderedSampler(Decoding decoding, RevealOrder order, TimeGrid grid)
    implements ReverseSampler {
  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    MasksLeft left = new MasksLeft(decoding.schedule(), grid);
    UnfinishedRows rows = run.rows();
    SurestFirst.draw(
        run,
        order,
        row -> {
          int step = left.nextStep(run.step(row), rows.blanks(row), rows.masks(row));
          run.moveTo(row, step, grid.time(step - 1));
        },
        (row, scores) -> rows.masks(row) - left.after(run.step(row), rows.blanks(row)));
    return run.result();
  }
}
