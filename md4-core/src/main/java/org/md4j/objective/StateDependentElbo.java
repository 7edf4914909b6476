package org.md4j.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.md4j.core.Checks;
import org.md4j.core.Denoiser;
import org.md4j.core.Rows;
import org.md4j.core.Uniforms;
import org.md4j.process.NoisedBatch;
import org.md4j.process.StateDependentProcess;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The bound of GenMD4, masked diffusion with a schedule for each token value, in continuous time.
 *
 * <pre>
 *   diffusion      = integral over t in [t1, 1] of E[sum over masked n of cost(n, t)] dt
 *   cost(n, t)     = sum over v of weight(t, v) mu[v] - weight(t, x) (1 + ln mu[x])
 *                    mu = softmax(logits[n]),  x = x_0[n]
 *   reconstruction = sum over n of (1 - alpha(t1, x)) (-ln p(x | masked at t1))
 *                    p(v | masked at t1) proportional to 1 - alpha(t1, v)
 *   prior          = sum over n of KL(q(x_1 | x_0[n]) || p(x_1))
 *                    p(x_1 = v) = alpha(1, v)/V,  the mask otherwise
 * </pre>
 *
 * <p>The two first terms of the cost are the rate at which the model unmasks the position and the
 * rate at which the data does; they cancel where all values have one schedule, and what is left is
 * the bound of {@link ContinuousTimeElbo}. A cost is never negative: the model's rates sum to at
 * least {@code weight(t, x) mu[x]}, and {@code mu - 1 >= ln mu}. Units are nats of one example.
 *
 * <p>The level of a row gives its time, {@code t = t1 + (1 - t1) level}. The best prediction
 * depends on the time: use a network that is told it.
 *
 * <p>{@link #estimate} is the bound. {@link #trainingLoss} has the gradient of its expectation,
 * also in the schedule's parameters, which decide where the masks are: {@link StateDependentLoss}.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equation (32), which is (12) for N tokens; t1 and the
 * reconstruction are the reference code's (google-deepmind/md4, commit b9fbf29,
 * models/diffusion/genmd4.py).
 *
 * <p>Deviation: the reference code draws t from [t1, 1] and takes the mean for the integral, which
 * makes the diffusion term 1/(1 - t1) = 1.001 times as large; here the factor (1 - t1) is there.
 * The reference code's prior term is 0, here it is counted: {@code N alpha(1) ln V} where all
 * values have the same alpha(1).
 *
 * @param schedule alpha of each token value, as learned so far
 * @param firstTime t1, in (0, 1)
 * @param maskSamples masks of a training row
 * @param baseline what a single mask is compared with; of no use to pairs
 */
public record StateDependentElbo(
    StateDependentSchedule schedule,
    double firstTime,
    MaskSamples maskSamples,
    RunningBaseline baseline)
    implements Objective, LearnedObjective {
  /** The first time t1 of the reference code. */
  public static final double REFERENCE_FIRST_TIME = 1e-3;

  /** Rejects a first time that leaves no range. */
  public StateDependentElbo {
    if (!(firstTime > 0 && firstTime < 1)) {
      throw new IllegalArgumentException("firstTime (" + firstTime + ") must be in (0, 1)");
    }
  }

  /** Returns what the reference code trains: t1 = 1e-3 and pairs of masks. */
  public static StateDependentElbo of(StateDependentSchedule schedule) {
    return new StateDependentElbo(
        schedule, REFERENCE_FIRST_TIME, MaskSamples.PAIR, RunningBaseline.none());
  }

  /** Returns the same objective with another schedule. */
  public StateDependentElbo withSchedule(StateDependentSchedule schedule) {
    return new StateDependentElbo(schedule, firstTime, maskSamples, baseline);
  }

  /** Returns the same objective with another number of masks a training row. */
  public StateDependentElbo withMaskSamples(MaskSamples maskSamples) {
    return new StateDependentElbo(schedule, firstTime, maskSamples, baseline);
  }

  /** Returns the same objective with another baseline. */
  public StateDependentElbo withBaseline(RunningBaseline baseline) {
    return new StateDependentElbo(schedule, firstTime, maskSamples, baseline);
  }

  @Override
  public NoisedBatch noise(Rows clean, double[] levels, Uniforms uniforms) {
    Checks.levels(levels, clean.count());
    requireVocabulary(clean);
    double[] times = Arrays.stream(levels).map(this::time).toArray();
    return new StateDependentProcess(schedule).noise(clean, times, uniforms);
  }

  @Override
  public List<ElboTerms> estimate(NoisedBatch batch, Denoiser denoiser) {
    requireVocabulary(batch.clean());
    double[] diffusion = new double[batch.clean().count()];
    if (batch.maskedPositions().length > 0) {
      AskedPositions asked = AskedPositions.of(batch);
      int[] positions = asked.all();
      int[] targets = asked.targets(batch.clean().tokens());
      StateDependentCost cost = new StateDependentCost(new LogitWorkspace());
      StateDependentCost.Rates rates = rates(batch, asked);
      denoiser.readLogits(
          batch.question(positions),
          (from, logits) -> {
            int to = from + (int) logits.size(0);
            double[] nats =
                cost.natsInPlace(logits, Arrays.copyOfRange(targets, from, to), rates.of(from, to));
            for (int i = 0; i < nats.length; i++) {
              diffusion[batch.rowOf(positions[from + i])] += (1 - firstTime) * nats[i];
            }
          });
    }
    StateDependentEndTerms ends = new StateDependentEndTerms(schedule, firstTime);
    List<ElboTerms> terms = new ArrayList<>(diffusion.length);
    for (int b = 0; b < diffusion.length; b++) {
      int[] row = batch.clean().tokens().row(b);
      terms.add(new ElboTerms(diffusion[b], ends.reconstruction(row), ends.prior(row)));
    }
    return List.copyOf(terms);
  }

  @Override
  public StateDependentLoss trainingLoss(LogitWorkspace workspace) {
    return new StateDependentLoss(this, workspace);
  }

  /**
   * Rejects weights that are not the bound's, because every token value has a weight of its own,
   * and complementary pairs together with pairs of masks, whose comparison needs masks that do not
   * depend on each other.
   */
  @Override
  public void requireFits(TrainingNoise noise) {
    Objective.super.requireFits(noise);
    if (!noise.weight().equals(TrainingWeight.bound())) {
      throw new IllegalArgumentException(
          "weight (%s) must be the bound's for a schedule of each token value, which has a weight of each"
              .formatted(noise.weight()));
    }
    if (noise.complementaryPairs() && maskSamples != MaskSamples.SINGLE) {
      throw new IllegalArgumentException(
          "maskSamples (%s) must be SINGLE with complementary pairs: masks that are compared must be independent"
              .formatted(maskSamples));
    }
  }

  @Override
  public Optional<LearnedObjective> learned() {
    return Optional.of(this);
  }

  @Override
  public StateDependentElbo objective() {
    return this;
  }

  /** Copies the raw parameters of the schedule. */
  @Override
  public double[] parameters() {
    return schedule.parameters();
  }

  @Override
  public StateDependentElbo withParameters(double... raw) {
    return withSchedule(schedule.withParameters(raw));
  }

  @Override
  public double[] gradient(List<? extends TrainingLoss> losses) {
    double[] sum = new double[schedule.parameters().length];
    for (StateDependentLoss loss : ownLosses(losses)) {
      double[] part = loss.parameterGradient();
      for (int p = 0; p < sum.length; p++) {
        sum[p] += part[p];
      }
    }
    return sum;
  }

  /** Returns the same objective with the baseline after this step. */
  @Override
  public StateDependentElbo after(List<? extends TrainingLoss> losses) {
    return withBaseline(baseline.after(ownLosses(losses)));
  }

  @Override
  public boolean continues(Objective start) {
    return start instanceof StateDependentElbo initial
        && parameters().length == initial.parameters().length
        && withParameters(initial.parameters()).withBaseline(initial.baseline()).equals(initial);
  }

  private static List<StateDependentLoss> ownLosses(List<? extends TrainingLoss> losses) {
    List<StateDependentLoss> own = new ArrayList<>(losses.size());
    for (TrainingLoss loss : losses) {
      if (!(loss instanceof StateDependentLoss stateDependent)) {
        throw new IllegalArgumentException(
            "losses must be StateDependentLoss, got " + loss.getClass().getName());
      }
      own.add(stateDependent);
    }
    return own;
  }

  /**
   * Computes the weights of all token values at the time of each row, [B + 1][V], the last all 0;
   * and the row of each position asked about, the last for those that are not wanted.
   */
  StateDependentCost.Rates rates(NoisedBatch batch, AskedPositions asked) {
    int unwanted = batch.times().length;
    double[][] rates = new double[unwanted + 1][schedule.vocabulary().size()];
    for (int b = 0; b < unwanted; b++) {
      double time = batch.times()[b];
      Arrays.setAll(rates[b], v -> schedule.weight(time, v));
    }
    int[] rows = new int[asked.all().length];
    Arrays.setAll(rows, i -> asked.isWanted(i) ? batch.rowOf(asked.all()[i]) : unwanted);
    return new StateDependentCost.Rates(rates, rows);
  }

  /** Returns the time of a noise level. */
  double time(double level) {
    return firstTime + (1 - firstTime) * level;
  }

  private void requireVocabulary(Rows clean) {
    if (!clean.vocabulary().equals(schedule.vocabulary())) {
      throw new IllegalArgumentException(
          "clean must be of the schedule's vocabulary, V = "
              + schedule.vocabulary().size()
              + ", got V = "
              + clean.vocabulary().size());
    }
  }
}
