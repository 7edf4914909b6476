package org.md4j.objective;

import java.util.Arrays;
import org.md4j.core.DifferentiableDenoiser;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.process.NoisedBatch;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The loss of GenMD4 on the rows of one thread in one step, its gradient in the network's
 * parameters and in the schedule's.
 *
 * <p>The schedule's parameters change the bound L(z) of masks z, and which masks are drawn:
 *
 * <pre>
 *   d E[L(z)] = E[d L(z)] + E[L(z) d ln q(z | x_0)]
 * </pre>
 *
 * <p>For the second term L is compared with what does not depend on z, which leaves its expectation
 * as it is and takes most of its variance away: with two masks of a row z1, z2 at the same time,
 * the leave-one-out estimate is
 *
 * <pre>
 *   1/2 (L(z1) - L(z2)) (d ln q(z1 | x_0) - d ln q(z2 | x_0))
 * </pre>
 *
 * <p>and with a single one it is {@code (L(z) - baseline) d ln q(z | x_0)}. Reconstruction and
 * prior have a gradient in the schedule's parameters, too. The network's gradient is that of the
 * mean of the bounds of a row's masks, times (1 - t1); it does not depend on the comparison. The
 * gradients and the value of a row are multiplied by its {@link TrainingRows#factors}.
 *
 * <p>{@link #nats} is the bound, to be reported. {@link #surrogate} is the value of the function
 * whose gradient is taken with L held fixed where it multiplies ln q; it is no bound on anything.
 *
 * <p>Mask k of the S masks of example e reads the uniforms (masks and dropout) at example {@code S
 * e + k}, so that the result does not depend on how rows are split.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (33), and for the leave-one-out form the unnumbered
 * ones that follow it in appendix I.2, as in the reference code (google-deepmind/md4, commit
 * b9fbf29, models/diffusion/genmd4.py). The single mask with a running baseline is ours.
 */
public final class StateDependentLoss implements TrainingLoss {
  private final StateDependentElbo objective;
  private final StateDependentSchedule schedule;
  private final int samples;
  private final StateDependentCost cost;
  private final StateDependentEndTerms ends;
  private final double[] parameterGradient;
  private final double[] lossesByLevel = new double[RunningBaseline.BINS];
  private final long[] countsByLevel = new long[RunningBaseline.BINS];
  private double nats;
  private double comparison;
  private boolean hasGradient;

  StateDependentLoss(StateDependentElbo objective, LogitWorkspace workspace) {
    this.objective = objective;
    schedule = objective.schedule();
    samples = objective.maskSamples().count();
    cost = new StateDependentCost(workspace);
    ends = new StateDependentEndTerms(schedule, objective.firstTime());
    parameterGradient = new double[schedule.parameters().length];
  }

  @Override
  public void add(DifferentiableDenoiser network, TrainingRows rows, double scale) {
    Rows clean = rows.clean();
    double[][] bounds = new double[samples][clean.count()];
    int[][][] masked = new int[samples][clean.count()][schedule.vocabulary().size()];
    for (int[] pass : objective.maskSamples().passes()) {
      ask(network, rows, pass, scale, bounds, masked);
    }
    for (int b = 0; b < clean.count(); b++) {
      int[] row = clean.tokens().row(b);
      long[] counts = counts(row);
      nats += ends.reconstruction(row) + ends.prior(row);
      ends.addGradient(counts, scale, parameterGradient);
      double weight = rows.factors()[b];
      for (int k = 0; k < samples; k++) {
        nats += weight * bounds[k][b] / samples;
        int bin = RunningBaseline.bin(rows.levels()[b]);
        lossesByLevel[bin] += bounds[k][b];
        countsByLevel[bin]++;
        double advantage = bounds[k][b] - comparedWith(bounds, k, b, rows.levels()[b]);
        addLikelihoodGradient(
            counts, masked[k][b], time(rows, b), weight * advantage / samples, scale);
      }
    }
  }

  /**
   * Asks the network in one pass: about the masks of some samples of all rows.
   *
   * @param bounds what each mask's bound is added to, [S][B]
   * @param masked how often each mask hides each value is added to, [S][B][V]
   */
  private void ask(
      DifferentiableDenoiser network,
      TrainingRows rows,
      int[] pass,
      double scale,
      double[][] bounds,
      int[][][] masked) {
    long first = rows.clean().firstExample();
    NoisedBatch batch =
        objective.noise(
            rows.clean().repeated(pass.length).withFirstExample(0),
            repeated(rows.levels(), pass.length),
            new SampleUniforms(rows.masks(), first, pass, samples));
    if (batch.maskedPositions().length == 0) {
      return;
    }
    AskedPositions asked = AskedPositions.of(batch);
    int[] positions = asked.all();
    double width = 1 - objective.firstTime();
    double[] factors = repeated(rows.factors(), pass.length);
    Arrays.setAll(factors, i -> factors[i] * (scale * width / samples));
    StateDependentCost.Rates rates = objective.rates(batch, asked);
    double[][] byWeight = new double[rates.byRow().length][schedule.vocabulary().size()];
    int[] targets = asked.targets(batch.clean().tokens());
    double[] costs = new double[positions.length];
    network.train(
        batch.question(positions),
        new SampleUniforms(rows.dropout(), first, pass, samples),
        (from, logits) -> {
          int to = from + (int) logits.size(0);
          double[] some =
              cost.natsAndGradientInPlace(
                  logits,
                  Arrays.copyOfRange(targets, from, to),
                  rates.of(from, to),
                  factors,
                  byWeight);
          System.arraycopy(some, 0, costs, from, some.length);
        },
        hasGradient);
    hasGradient = true;
    for (int p = 0; p < positions.length; p++) {
      if (asked.isWanted(p)) {
        int i = rates.rows()[p];
        int k = pass[i % pass.length];
        bounds[k][i / pass.length] += width * costs[p];
        masked[k][i / pass.length][targets[p]]++;
      }
    }
    for (int i = 0; i < batch.times().length; i++) {
      for (int v = 0; v < byWeight[i].length; v++) {
        schedule.addGradient(
            batch.times()[i], v, 0, 0, factors[i] * byWeight[i][v], parameterGradient);
      }
    }
  }

  /** Returns what the bound of a mask is compared with, which must not depend on that mask. */
  private double comparedWith(double[][] bounds, int k, int b, double level) {
    return samples == 1 ? objective.baseline().at(level) : bounds[1 - k][b];
  }

  /**
   * Adds {@code factor ln q(z | x_0)} to the surrogate and its gradient to the gradient.
   *
   * @param counts how often the row has each value, [V]
   * @param masked how often of these it is masked, [V]
   */
  private void addLikelihoodGradient(
      long[] counts, int[] masked, double time, double factor, double scale) {
    for (int v = 0; v < counts.length; v++) {
      double ofMasked = factor * masked[v];
      double ofKept = factor * (counts[v] - masked[v]);
      if (counts[v] > 0) {
        schedule.addGradient(time, v, scale * ofKept, scale * ofMasked, 0, parameterGradient);
        comparison += product(ofKept, schedule.alpha(time, v));
        comparison += product(ofMasked, schedule.oneMinusAlpha(time, v));
      }
    }
  }

  /** Computes {@code factor ln(probability)}, 0 for what did not happen even where it could not. */
  private static double product(double factor, double probability) {
    return factor == 0 ? 0 : factor * Math.log(probability);
  }

  @Override
  public double nats() {
    return nats;
  }

  /**
   * The value of what is differentiated, in nats: the bound and {@code sum over masks of (L -
   * comparison) ln q(z)}.
   */
  public double surrogate() {
    return nats + comparison;
  }

  /** Copies the gradient in the schedule's raw parameters of all rows added, scaled. */
  public double[] parameterGradient() {
    return parameterGradient.clone();
  }

  @Override
  public boolean hasGradient() {
    return hasGradient;
  }

  /** The sum of the bounds of masks whose level is in a part of [0, 1). */
  double sumOfLosses(int bin) {
    return lossesByLevel[bin];
  }

  /** The number of masks whose level is in a part of [0, 1). */
  long countOfLosses(int bin) {
    return countsByLevel[bin];
  }

  private double time(TrainingRows rows, int b) {
    return objective.time(rows.levels()[b]);
  }

  private long[] counts(int[] row) {
    long[] counts = new long[schedule.vocabulary().size()];
    for (int token : row) {
      counts[token]++;
    }
    return counts;
  }

  /** Repeats every value, one copy after another. */
  private static double[] repeated(double[] values, int times) {
    double[] result = new double[values.length * times];
    Arrays.setAll(result, i -> values[i / times]);
    return result;
  }

  /**
   * The numbers of mask {@code pass[i mod n]} of example {@code first + i / n} for row i of a pass
   * about n masks a row.
   */
  private record SampleUniforms(Uniforms all, long first, int[] pass, int samples)
      implements Uniforms {
    @Override
    public double at(long row, long index) {
      return all.at(example(row), index);
    }

    @Override
    public void fill(long row, long firstIndex, double[] into, int offset, int count) {
      all.fill(example(row), firstIndex, into, offset, count);
    }

    private long example(long row) {
      return samples * (first + row / pass.length) + pass[(int) (row % pass.length)];
    }
  }
}
