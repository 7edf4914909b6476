package org.md4j.sampling;

import org.md4j.core.Purpose;

/**
 * The steps in which a masked position may be revealed, drawn without asking the network: in each
 * step it is a candidate with the largest probability that any value has.
 */
final class CandidateSteps {
  /**
   * The logarithm of the probability of no candidate in steps 0 to i-1, those that are certain left
   * out.
   */
  private final double[] logNone;

  /** The first step from i on in which every position is a candidate, or T. */
  private final int[] certain;

  CandidateSteps(UnmaskProbabilities probabilities) {
    int steps = probabilities.steps();
    logNone = new double[steps + 1];
    certain = new int[steps + 1];
    certain[steps] = steps;
    double[] logStay = new double[steps];
    for (int i = steps - 1; i >= 0; i--) {
      logStay[i] = probabilities.logLeastStay(i);
      certain[i] = logStay[i] == Double.NEGATIVE_INFINITY ? i : certain[i + 1];
    }
    for (int i = 0; i < steps; i++) {
      // A certain step ends every search that reaches it; its infinity would spoil later ones.
      logNone[i + 1] = logNone[i] + (certain[i] == i ? 0 : logStay[i]);
    }
  }

  /**
   * Returns the next step in which a position is a candidate, by the one uniform number that
   * belongs to the position and the step the search begins with.
   *
   * @param from the first step that counts, in 0..T
   * @return in from..T, where T stands for none
   */
  int next(SamplingRun run, int position, int from) {
    double target = logNone[from] + Math.log1p(-run.uniform(Purpose.UNMASK, from, position));
    int low = from;
    int high = certain[from];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (logNone[middle + 1] < target) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
