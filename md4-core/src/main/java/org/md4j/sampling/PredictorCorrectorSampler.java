package org.md4j.sampling;

import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;
import org.md4j.process.ForwardProcess;
import org.md4j.schedule.MaskingSchedule;

/**
 * Takes ancestral steps, each followed by corrections that mask and reveal tokens while time stands
 * still.
 *
 * <pre>
 *   a correction at s, with c = -alpha'(s) / (alpha(s) (1 - alpha(s)))
 *     a token of the sampler's own becomes a mask with probability (1 - alpha(s)) (1 - exp(-c size))
 *     a mask becomes token v with probability alpha(s) (1 - exp(-c size)) mu(x_s, s)[v]
 * </pre>
 *
 * <p>This is the process of masking at the forward rate and revealing at the reverse rate, run for
 * a time {@code size} with mu held fixed: the probability to be unmasked stays alpha(s) exactly,
 * and tokens drawn too early are drawn anew with more of the row known. There is no correction at s
 * = 0. Given tokens are never masked. Steps and corrections that reveal nothing are not asked
 * about.
 *
 * <p>Corrections count as steps: with C of them, the predictor's step i from 0 is number i (C + 1)
 * + 1 in a {@link Reveal} and in the randomness, its corrections have the numbers that follow.
 *
 * <p>A mask left over after the last step becomes the likeliest token at t = 0 (the lowest id on
 * ties).
 *
 * <p>Uniform numbers are used as in {@link RemaskingSampler}, of {@link Purpose#UNMASK}, {@link
 * Purpose#REMASK} and {@link Purpose#TOKEN}.
 *
 * <p>Source: predictor-corrector sampling of discrete diffusion is Campbell et al.'s, arXiv
 * 2205.14987.
 *
 * <p>Deviation: Campbell et al. take a first-order step of the corrector; this is the exact
 * transition of its two states, masked and not, which keeps alpha(s) whatever the size.
 *
 * @param decoding how the network is asked and tokens are drawn
 * @param grid the times of the T steps
 * @param corrections C, after each step but the last, at least 0
 * @param size the time for which a correction runs, in units of t, at least 0
 */
public record PredictorCorrectorSampler(
    Decoding decoding, TimeGrid grid, int corrections, double size) implements ReverseSampler {
  /** Checks the ranges. */
  public PredictorCorrectorSampler {
    if (corrections < 0) {
      throw new IllegalArgumentException("corrections (" + corrections + ") must be at least 0");
    }
    if (!(size >= 0 && size < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("size (" + size + ") must be at least 0 and finite");
    }
  }

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    MaskingSchedule schedule = decoding.schedule();
    ForwardProcess process = new ForwardProcess(schedule);
    int most = Math.multiplyExact(grid.steps() - 1, corrections + 1) + 1;
    Transition[] steps = new Transition[most];
    for (int i = 0; i < most; i++) {
      int step = i / (corrections + 1);
      double s = grid.time(step + 1);
      double t = grid.time(step);
      steps[i] =
          i % (corrections + 1) == 0
              ? new Transition(t, process.unmaskProbability(s, t), 0)
              : correction(schedule, s, size);
    }
    Transition.follow(steps, run);
    run.fillLeftOver(most + 1);
    return run.result();
  }

  /** Returns a correction at s in (0, 1). */
  static Transition correction(MaskingSchedule schedule, double s, double size) {
    double kept = schedule.alpha(s);
    double masked = schedule.oneMinusAlpha(s);
    double moved = -Math.expm1(schedule.alphaPrime(s) / (kept * masked) * size);
    return new Transition(s, kept * moved, masked * moved);
  }
}
