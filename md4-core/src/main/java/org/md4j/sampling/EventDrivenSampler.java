package org.md4j.sampling;

import java.util.Arrays;
import org.md4j.core.Denoiser;
import org.md4j.core.Purpose;

/**
 * The sampler to start with: the law of T small steps at the price of the steps in which something
 * happens.
 *
 * <p>When a token is revealed does not depend on the network. So the step of every token is drawn
 * first, from the law that T independent choices would give it:
 *
 * <pre>
 *   P(revealed within the first i steps) = 1 - product over j &lt; i of (1 - rule(t(j+1), t(j)))
 * </pre>
 *
 * <p>and the network is asked only about rows and steps in which a token is revealed, its head only
 * at the positions revealed: at most min(T, N) evaluations a row, plus one if masks are left over.
 * Rows do not depend on each other, so the k-th event of every row is asked about in one call, each
 * row at its own time; calls are few and full. The law is that of {@link StepwiseSampler} exactly,
 * with and without time conditioning.
 *
 * <p>A mask left over after the last step, as a clipped schedule or an inexact rule leaves some,
 * becomes the likeliest token at t = 0 (the lowest id on ties).
 *
 * <p>One uniform number of {@link Purpose#UNMASK} decides when a position is revealed, one of
 * {@link Purpose#TOKEN} what it becomes; all of it is in double with 53-bit uniforms.
 *
 * <p>Source: ancestral sampling is MD4's, arXiv 2406.04329v4, section 4 and algorithm 2, with the
 * reference code's {@code decode} (google-deepmind/md4, commit b9fbf29) at the end. Drawing the
 * steps first is ours; Zheng et al., arXiv 2409.02908, do it in the limit of many steps ({@link
 * FirstHittingSampler}).
 *
 * <p>Deviation: the reference code makes one draw among V+1 outcomes at every step, with Gumbel
 * noise in single precision, which drops the least likely tokens. The law is the same up to that.
 *
 * @param decoding how the network is asked and tokens are drawn
 * @param rule the probability of being revealed in a step
 * @param grid the times of the T steps
 */
public record EventDrivenSampler(Decoding decoding, UnmaskingRule rule, TimeGrid grid)
    implements ReverseSampler {
  /** Returns a sampler with exact steps, {@link UnmaskingRule#ANCESTRAL}. */
  public static EventDrivenSampler ancestral(Decoding decoding, TimeGrid grid) {
    return new EventDrivenSampler(decoding, UnmaskingRule.ANCESTRAL, grid);
  }

  @Override
  public SamplingResult sample(
      Denoiser denoiser, SamplingRequest request, SamplingListener listener) {
    SamplingRun run = new SamplingRun(decoding, denoiser, request, listener);
    double[] revealed = revealedWithin();
    Events[] events = new Events[run.rows().count()];
    Arrays.setAll(events, row -> new Events(run, row, revealed));
    run.rounds(
        row -> {
          if (events[row].hasNext()) {
            int step = events[row].step();
            run.moveTo(row, step + 1, grid.time(step));
          }
          return events[row].next();
        },
        (position, at) -> {
          if (run.step(run.rows().row(position)) <= grid.steps()) {
            run.revealDrawn(position, at);
          } else {
            run.revealLikeliest(position, at);
          }
        });
    return run.result();
  }

  /** Computes the probability of having been revealed within the first {@code i + 1} steps, [T]. */
  private double[] revealedWithin() {
    double[] within = new double[grid.steps()];
    double masked = 1;
    for (int step = 0; step < grid.steps(); step++) {
      double unmask = rule.probability(decoding.schedule(), grid.time(step + 1), grid.time(step));
      masked *= 1 - unmask;
      within[step] = 1 - masked;
    }
    return within;
  }

  /** The reveals of one row, in the order of their steps. */
  private static final class Events {
    private final long[] stepAndPosition;
    private int next;

    Events(SamplingRun run, int row, double[] revealedWithin) {
      int[] positions = run.rows().maskedPositions(row);
      stepAndPosition = new long[positions.length];
      for (int i = 0; i < positions.length; i++) {
        double u = run.uniform(Purpose.UNMASK, 0, positions[i]);
        stepAndPosition[i] = (long) firstAbove(u, revealedWithin) << Integer.SIZE | positions[i];
      }
      Arrays.sort(stepAndPosition);
    }

    boolean hasNext() {
      return next < stepAndPosition.length;
    }

    /** The number of steps before the next event: in 0..T, where T stands for masks left over. */
    int step() {
      return (int) (stepAndPosition[next] >>> Integer.SIZE);
    }

    /** Returns the positions of the next event, ascending; none at the end. */
    int[] next() {
      int first = next;
      while (hasNext()
          && stepAndPosition[next] >>> Integer.SIZE == stepAndPosition[first] >>> Integer.SIZE) {
        next++;
      }
      return Arrays.stream(stepAndPosition, first, next).mapToInt(event -> (int) event).toArray();
    }

    /** Finds the first index with a value above u, or the length. */
    private static int firstAbove(double u, double[] ascending) {
      int low = 0;
      int high = ascending.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (ascending[middle] > u) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }
  }
}
