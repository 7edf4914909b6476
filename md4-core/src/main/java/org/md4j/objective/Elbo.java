package org.md4j.objective;

import java.util.Optional;
import org.md4j.schedule.MaskingSchedule;

/**
 * A negative evidence lower bound of MD4 as an unbiased estimator: how to noise an example, and by
 * what to multiply the cross-entropy of its masked tokens.
 *
 * <pre>
 *   diffusion(row)  = weight(row) * sum over masked n of -ln softmax(logits[n])[x_0[n]]
 *   d/d logits[n,v] = weight(row) * (softmax(logits[n])[v] - [v = x_0[n]])     masked n, else 0
 * </pre>
 *
 * <p>The kinds differ in the law of the masks and in the weight. {@link ContinuousTimeElbo} is what
 * the paper trains with; {@link LogSnrElbo} has the same expectation and {@link MaskCountElbo}, for
 * a schedule from 1 to 0, too, both with another variance; {@link DiscreteTimeElbo} is the bound of
 * a sampler with T steps.
 *
 * <p>{@link MaskCountElbo} covers all of [0, 1], whatever the schedule, and has no constant terms.
 * The others cover {@code [alpha(1), alpha(0)]} and add {@link #reconstruction} and {@link #prior}
 * for what a clipped schedule leaves out, so the totals of the two differ a little.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equations (4) and (5) and, for {@link MaskCountElbo}, section
 * 5; each kind says where it departs.
 */
public sealed interface Elbo extends TokenwiseObjective
    permits ContinuousTimeElbo, DiscreteTimeElbo, LogSnrElbo, MaskCountElbo {
  /** The schedule alpha. */
  MaskingSchedule schedule();

  @Override
  default Optional<MaskingSchedule> commonSchedule() {
    return Optional.of(schedule());
  }

  @Override
  default Optional<Objective> inMaskCounts() {
    return Optional.of(new MaskCountElbo(schedule()));
  }

  @Override
  default TokenCost cost(LogitWorkspace workspace) {
    return new MaskedCrossEntropy(workspace);
  }
}
