package org.md4j.sampling;

import java.util.Arrays;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;

/**
 * Takes ancestral steps that also mask tokens again, so that early mistakes can be mended.
 *
 * <pre>
 *   in a step from t to s, with sigma = strength min(1, (1 - alpha(s)) / alpha(t))
 *     a token of the sampler's own becomes a mask with probability sigma
 *     a mask becomes token v with probability (alpha(s) - (1 - sigma) alpha(t)) / (1 - alpha(t)) mu(x_t, t)[v]
 * </pre>
 *
 * <p>Both are decided on x_t, and the probability to be unmasked at s stays alpha(s). Given tokens
 * are never masked. With strength 0 the law is that of ancestral sampling. Steps that reveal
 * nothing are not asked about, and the network's head only works at positions revealed: at most T
 * evaluations a row, plus one if masks are left over.
 *
 * <p>A mask left over after the last step becomes the likeliest token at t = 0 (the lowest id on
 * ties).
 *
 * <p>A uniform number of {@link Purpose#UNMASK} for each mask and step decides what is revealed,
 * one of {@link Purpose#REMASK} for each token what is masked, one of {@link Purpose#TOKEN} what a
 * mask becomes.
 *
 * <p>Source: Wang et al., "Remasking discrete diffusion models with inference-time scaling", arXiv
 * 2503.00307, its rescaled schedule.
 *
 * @param decoding how the network is asked and tokens are drawn
 * @param strength eta, the share of the greatest sigma that keeps the marginals, in [0, 1]
 * @param grid the times of the T steps
 */
public record RemaskingSampler(Decoding decoding, double strength, TimeGrid grid)
    implements ReverseSampler {
  /** Checks the strength. */
  public RemaskingSampler {
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("strength (" + strength + ") must be in [0, 1]");
    }
  }

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    Transition[] steps = new Transition[grid.steps()];
    Arrays.setAll(steps, i -> step(decoding.schedule(), grid.time(i + 1), grid.time(i), strength));
    Transition.follow(steps, run);
    run.fillLeftOver(steps.length + 1);
    return run.result();
  }

  /** Returns the step from t to s. */
  static Transition step(MaskingSchedule schedule, double s, double t, double strength) {
    double kept = schedule.alpha(t);
    double masked = schedule.oneMinusAlpha(t);
    // Where alpha(t) is 0 there is nothing to mask again, and the quotient may be 0/0.
    double most = kept == 0 ? 1 : Math.min(1, schedule.oneMinusAlpha(s) / kept);
    double sigma = strength * most;
    // The posterior's probability and what makes up for sigma, a sum without cancellation.
    double unmask = new ForwardProcess(schedule).unmaskProbability(s, t) + sigma * kept / masked;
    return new Transition(t, Math.min(1, unmask), sigma);
  }
}
