package org.md4j.likelihood;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.schedule.MaskingSchedule;

/**
 * Finds the protocol that gives the smallest error for a budget, by measuring each candidate on a
 * pilot budget and comparing {@code variance x evaluations}.
 *
 * <p>Which one wins depends on network and text: draws on one row take away only the noise of
 * levels and masks, new rows also that of the choice of rows, while levels spread over rows do both
 * where rows are alike. For objectives with heavy tails a small pilot understates the variance;
 * some hundred groups tell candidates apart.
 */
public final class ProtocolChooser {
  private static final int[] DRAWS = {1, 2, 4, 8};

  private final Denoiser denoiser;
  private final RowSource rows;
  private final CounterRandom random;

  /**
   * Makes a chooser for a network and rows.
   *
   * @param denoiser a network, told the labels of the rows
   * @param rows data to measure on, at least two groups of every candidate
   * @param random the seed, which the candidates share
   */
  public ProtocolChooser(Denoiser denoiser, RowSource rows, CounterRandom random) {
    this.denoiser = denoiser;
    this.rows = rows;
    this.random = random;
  }

  /**
   * Returns what to try for MD4: {@link #candidates(List)} of its bound in times and in numbers of
   * masks.
   *
   * @param schedule the one the network was trained with
   */
  public static List<LikelihoodProtocol> candidates(MaskingSchedule schedule) {
    return candidates(List.of(new ContinuousTimeElbo(schedule), new MaskCountElbo(schedule)));
  }

  /**
   * Returns what to try: for each bound, levels spread over 32 rows, and levels of each row spread
   * over 1, 2, 4 and 8 draws.
   *
   * @param objectives estimators of the same bound
   */
  public static List<LikelihoodProtocol> candidates(List<? extends Objective> objectives) {
    List<LikelihoodProtocol> candidates = new ArrayList<>();
    for (Objective objective : objectives) {
      candidates.add(LikelihoodProtocol.paper(objective));
      for (int draws : DRAWS) {
        candidates.add(new LikelihoodProtocol(objective, 1, draws));
      }
    }
    return List.copyOf(candidates);
  }

  /**
   * Measures the candidates.
   *
   * @param candidates at least one
   * @param evaluationsEach rows that may be given to the network for each; at least two groups
   */
  public ProtocolChoice choose(List<LikelihoodProtocol> candidates, long evaluationsEach) {
    List<LikelihoodEstimate> pilots = new ArrayList<>();
    for (LikelihoodProtocol candidate : candidates) {
      pilots.add(
          new LikelihoodEstimator(denoiser, rows, candidate, random).estimate(evaluationsEach));
    }
    pilots.sort(Comparator.comparingDouble(LikelihoodEstimate::variancePerEvaluation));
    return new ProtocolChoice(pilots);
  }
}
