package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.Uniforms;
import org.md4j.process.AntitheticTimes;
import org.md4j.process.TimeLaw;

/**
 * How training rows are noised and weighed: from which law their levels come, what they weigh, and
 * whether two rows share an example, and whether their times or their numbers of masks are drawn.
 * None of it changes what a network is judged by.
 *
 * <p>With complementary pairs, rows 2 k and 2 k + 1 of a batch are the same example. If the even
 * row has level t and masks by the uniform numbers u, the odd one has 1 - t and masks by 1 - u, so
 * that under a schedule with {@code alpha(1 - t) = 1 - alpha(t)}, such as the linear one, each
 * token is masked in exactly one of the two. Objectives in T steps add 1/T to the two levels, so
 * that a token is masked in both with about that probability, and {@link MaskCountElbo} masks one
 * token of a pair in both. Under other schedules, and for GenMD4 once its powers are no longer 1,
 * the two rows are antithetic only: fewer tokens than by chance are masked in both or in none. Each
 * row by itself has the law it would have alone: every bound stays unbiased.
 *
 * <p>With mask counts, a level says how many tokens are masked and not, through a time, how likely
 * each is to be: {@link Objective#inMaskCounts} is trained on in place of the objective, the same
 * bound with less variance, because all rows have the weight of N tokens in all. Laws of times are
 * then laws of the number's share.
 *
 * <p>Source: complementary masks are those of the "coupled sampling" of Gong et al., "DiffuCoder",
 * arXiv 2506.20639, section 4; the form by antithetic numbers, with the row's own law, is ours.
 *
 * @param times the law of levels; for the odd row of a pair the one reflected at 1/2
 * @param weight what a row weighs besides
 * @param complementaryPairs whether two rows share an example
 * @param maskCounts whether levels are numbers of masks
 */
public record TrainingNoise(
    TimeLaw times, TrainingWeight weight, boolean complementaryPairs, boolean maskCounts) {
  private static final TrainingNoise PAPER =
      new TrainingNoise(TimeLaw.uniform(), TrainingWeight.bound(), false, false);

  /** Returns the paper's: uniform levels, the bound's weights, rows by themselves. */
  public static TrainingNoise paper() {
    return PAPER;
  }

  /** Returns the same with levels of another law. */
  public TrainingNoise withTimes(TimeLaw times) {
    return new TrainingNoise(times, weight, complementaryPairs, maskCounts);
  }

  /** Returns the same with other weights. */
  public TrainingNoise withWeight(TrainingWeight weight) {
    return new TrainingNoise(times, weight, complementaryPairs, maskCounts);
  }

  /** Returns the same with or without complementary pairs. */
  public TrainingNoise withComplementaryPairs(boolean complementaryPairs) {
    return new TrainingNoise(times, weight, complementaryPairs, maskCounts);
  }

  /** Returns the same with levels that are numbers of masks, or times. */
  public TrainingNoise withMaskCounts(boolean maskCounts) {
    return new TrainingNoise(times, weight, complementaryPairs, maskCounts);
  }

  /**
   * The estimator that training takes of an objective: with mask counts the one in them, else the
   * objective itself.
   *
   * @param objective one that fits ({@link Objective#requireFits})
   */
  public Objective estimatorOf(Objective objective) {
    return maskCounts ? objective.inMaskCounts().orElseThrow() : objective;
  }

  /**
   * Draws the levels of a batch, evenly spread over their law.
   *
   * @param rows B, at least 1
   * @return [B], each in [0, 1), in ascending order but for the point where they wrap around; with
   *     pairs the first of each is, and the second stands beside it
   */
  public double[] levels(int rows, Uniforms uniforms) {
    Checks.atLeastOne("rows", rows);
    if (!complementaryPairs) {
      return times.times(AntitheticTimes.sample(rows, uniforms));
    }
    double[] firsts = times.times(AntitheticTimes.sample((rows + 1) / 2, uniforms));
    double[] levels = new double[rows];
    Arrays.setAll(levels, b -> b % 2 == 0 ? firsts[b / 2] : reflected(firsts[b / 2]));
    return levels;
  }

  /**
   * The factor of each row by which the law of its level is made up for: 1 / density.
   *
   * @param levels drawn by {@link #levels}, in that order or with whole pairs in another
   * @return [B], at least 0
   */
  public double[] factors(double... levels) {
    double[] factors = new double[levels.length];
    Arrays.setAll(factors, b -> times.weight(isSecond(b) ? 1 - levels[b] : levels[b]));
    return factors;
  }

  /**
   * The number of the example of a row: rows of a pair have one.
   *
   * @param row 0..B-1
   */
  public long example(long row) {
    return complementaryPairs ? row / 2 : row;
  }

  /**
   * The uniform numbers by which rows are masked: those given, or for the second row of a pair what
   * they lack to 1.
   */
  public Uniforms masks(Uniforms uniforms) {
    return complementaryPairs ? new PairedUniforms(uniforms) : uniforms;
  }

  private boolean isSecond(int row) {
    return complementaryPairs && row % 2 == 1;
  }

  /** Reflects a number in [0, 1) at 1/2; what would be 1 is just below. */
  private static double reflected(double number) {
    return Math.min(1 - number, Math.nextDown(1.0));
  }

  private record PairedUniforms(Uniforms single) implements Uniforms {
    @Override
    public double at(long example, long index) {
      return example % 2 == 0
          ? single.at(example, index)
          : reflected(single.at(example - 1, index));
    }

    @Override
    public void fill(long example, long firstIndex, double[] into, int offset, int count) {
      single.fill(example - example % 2, firstIndex, into, offset, count);
      for (int i = offset; example % 2 == 1 && i < offset + count; i++) {
        into[i] = reflected(into[i]);
      }
    }
  }
}
