package org.md4j.objective;

import java.util.Optional;
import org.md4j.schedule.MaskingSchedule;

/**
 * The objective of SEDD with the absorbing process: the network learns ratios of probabilities by
 * {@link ScoreEntropy}.
 *
 * <pre>
 *   -ln p(x_0) &lt;= integral of w(t) E[sum over masked n of (sum of e - 1 - ln e[x_0[n]])] dt + prior
 * </pre>
 *
 * <p>Masks, weights and constants are those of one of MD4's bounds, so the two differ in what a
 * prediction costs and in nothing else. To sample, use any of MD4's samplers: they normalise e,
 * which are the probabilities of the tokens wherever the score is exact.
 *
 * <p>Source: Lou, Meng and Ermon, arXiv 2310.16834, section 3. Its log-linear noise is MD4's linear
 * schedule.
 *
 * <p>Deviation: SEDD's code has {@code alpha(t) = 1 - (1 - 1e-3) t}, draws t from [1e-3, 1] and
 * leaves out the rest of the integral and the prior; {@link #reference} has the linear schedule MD4
 * is trained with, clipped at 1e-4, and counts both ends. The network is told t, not the total
 * noise {@code -ln alpha(t)}, of which t is a function.
 *
 * @param bound whose masks, weights and constant terms are used
 */
public record ScoreEntropyElbo(Elbo bound) implements ElboVariant {
  /** Returns SEDD in continuous time, with the schedule MD4 is trained with. */
  public static ScoreEntropyElbo reference() {
    return new ScoreEntropyElbo(new ContinuousTimeElbo(MaskingSchedule.reference()));
  }

  @Override
  public Optional<Objective> inMaskCounts() {
    return bound.inMaskCounts().isEmpty()
        ? Optional.empty()
        : Optional.of(new ScoreEntropyElbo(new MaskCountElbo(bound.schedule())));
  }

  @Override
  public TokenCost cost(LogitWorkspace workspace) {
    return new ScoreEntropy(workspace);
  }
}
