package org.md4j.objective;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.md4j.core.CounterRandom;
import org.md4j.core.DenoiserInput;
import org.md4j.core.Purpose;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.process.TimeLaw;
import org.md4j.schedule.LearnedPolynomialSchedule;
import org.md4j.schedule.StateDependentSchedule;
import org.md4j.toy.ExactStateDependentElbo;
import org.md4j.toy.GradientRecorder;
import org.md4j.toy.ToyDenoiser;

/**
 * The mean of the schedule's gradient over random levels and masks against the finite difference of
 * the exact bound; and that the comparison would notice if the term that comes from where the masks
 * are were missing, or had the wrong sign.
 */
@Tag("slow")
class LeaveOneOutGradientTest {
  /** As the issue has it. Seeds are fixed, so a test passes or fails for good. */
  private static final double STANDARD_ERRORS = 5;

  private static final int STEPS = 200;
  private static final int ROWS = 100;
  private static final double STEP = 1e-5;
  private static final Vocabulary VOCABULARY = new Vocabulary(3);
  private static final ToyDenoiser DENOISER = new ToyDenoiser(VOCABULARY, t -> 2 * t);
  private static final int[] CLEAN = {0, 2, 0};

  /** Not what to expect, but of its size: a wrong baseline is as unbiased as a right one. */
  private static final RunningBaseline BASELINE =
      new RunningBaseline(
          IntStream.range(0, RunningBaseline.BINS).mapToObj(bin -> 2 + 0.3 * bin).toList(),
          IntStream.range(0, RunningBaseline.BINS).mapToObj(bin -> 1.0).toList());

  @ParameterizedTest
  @CsvSource({
    "PAIR, false, 0",
    "PAIR, true, 0",
    "PAIR_IN_TURN, false, 0",
    "PAIR_IN_TURN, true, 0",
    "SINGLE, false, 0",
    "SINGLE, true, 0",
    "PAIR, false, 1",
    "SINGLE, false, 0.5"
  })
  void meanIsTheGradientOfTheExactBoundWithTheTermAndWithoutItIsNot(
      MaskSamples samples, boolean tied, double power) {
    TimeLaw law = TimeLaw.power(power);
    StateDependentSchedule schedule =
        LearnedPolynomialSchedule.ofPowers(
                VOCABULARY, tied ? new double[] {1.4} : new double[] {0.6, 1, 2})
            .withEpsilon(0.01);
    StateDependentElbo elbo =
        StateDependentElbo.of(schedule).withMaskSamples(samples).withBaseline(BASELINE);
    int parameters = schedule.parameters().length;
    SummaryStatistics[] with = statistics(parameters);
    SummaryStatistics[] without = statistics(parameters);
    SummaryStatistics[] flipped = statistics(parameters);
    Scores scores = new Scores(elbo);
    LogitWorkspace memory = new LogitWorkspace();

    for (int step = 0; step < STEPS; step++) {
      CounterRandom random = new CounterRandom(11);
      Uniforms times = random.uniforms(Purpose.TIME, step);
      double[] levels =
          law.times(IntStream.range(0, ROWS).mapToDouble(b -> times.at(b, 0)).toArray());
      double[] factors = law.weights(levels);
      GradientRecorder network = new GradientRecorder(DENOISER);
      StateDependentLoss loss = elbo.trainingLoss(memory);
      loss.add(
          network,
          new TrainingRows(
              Rows.of(
                  TokenBatch.of(
                      VOCABULARY,
                      IntStream.range(0, ROWS).mapToObj(b -> CLEAN).toArray(int[][]::new))),
              levels,
              factors,
              bound -> bound,
              random.uniforms(Purpose.MASK, step),
              random.uniforms(Purpose.DROPOUT, step)),
          1.0 / ROWS);
      double[] gradient = loss.parameterGradient();
      double[] term = scores.term(network.questions(), levels, factors);
      for (int p = 0; p < parameters; p++) {
        with[p].addValue(gradient[p]);
        without[p].addValue(gradient[p] - term[p]);
        flipped[p].addValue(gradient[p] - 2 * term[p]);
      }
    }

    double[] exact = exactGradient(elbo);
    assertThat(standardErrors(with, exact)).isLessThan(STANDARD_ERRORS);
    assertThat(standardErrors(without, exact)).isGreaterThan(STANDARD_ERRORS);
    assertThat(standardErrors(flipped, exact)).isGreaterThan(STANDARD_ERRORS);
  }

  /** How many standard errors the worst mean is from what it should be. */
  private static double standardErrors(SummaryStatistics[] means, double... expected) {
    return IntStream.range(0, expected.length)
        .mapToDouble(
            p ->
                Math.abs(means[p].getMean() - expected[p])
                    / (means[p].getStandardDeviation() / Math.sqrt(STEPS)))
        .max()
        .orElseThrow();
  }

  private static double[] exactGradient(StateDependentElbo elbo) {
    double[] gradient = new double[elbo.schedule().parameters().length];
    Arrays.setAll(
        gradient,
        p ->
            (bound(elbo, moved(elbo.schedule(), p, STEP))
                    - bound(elbo, moved(elbo.schedule(), p, -STEP)))
                / (2 * STEP));
    return gradient;
  }

  private static double bound(StateDependentElbo elbo, StateDependentSchedule schedule) {
    return new ExactStateDependentElbo(schedule, elbo.firstTime(), DENOISER).bound(CLEAN);
  }

  private static StateDependentSchedule moved(
      StateDependentSchedule schedule, int parameter, double by) {
    double[] raw = schedule.parameters();
    raw[parameter] += by;
    return schedule.withParameters(raw);
  }

  private static SummaryStatistics[] statistics(int count) {
    SummaryStatistics[] statistics = new SummaryStatistics[count];
    Arrays.setAll(statistics, p -> new SummaryStatistics());
    return statistics;
  }

  /** The term of the gradient that comes from where the masks are, computed from the questions. */
  private static final class Scores {
    private final StateDependentElbo elbo;
    private final ExactStateDependentElbo exact;
    private final List<StateDependentSchedule> above;
    private final List<StateDependentSchedule> below;

    Scores(StateDependentElbo elbo) {
      this.elbo = elbo;
      exact = new ExactStateDependentElbo(elbo.schedule(), elbo.firstTime(), DENOISER);
      int parameters = elbo.schedule().parameters().length;
      above =
          IntStream.range(0, parameters).mapToObj(p -> moved(elbo.schedule(), p, STEP)).toList();
      below =
          IntStream.range(0, parameters).mapToObj(p -> moved(elbo.schedule(), p, -STEP)).toList();
    }

    /**
     * The mean over rows of {@code factor mean over k of (L_k - comparison) d ln q(z_k)},
     * [parameters].
     */
    double[] term(List<DenoiserInput> questions, double[] levels, double[] factors) {
      int count = elbo.maskSamples().count();
      double[][] bounds = new double[count][];
      TokenBatch[] noisy = new TokenBatch[count];
      for (int k = 0; k < count; k++) {
        noisy[k] = sample(questions, k);
        double[] times = Arrays.stream(levels).map(elbo::time).toArray();
        bounds[k] = exact.rowCosts(noisy[k], times, CLEAN);
      }
      double[] term = new double[above.size()];
      double width = 1 - elbo.firstTime();
      for (int b = 0; b < levels.length; b++) {
        for (int k = 0; k < count; k++) {
          double comparison = count == 1 ? BASELINE.at(levels[b]) : width * bounds[1 - k][b];
          double advantage =
              factors[b] * (width * bounds[k][b] - comparison) / count / levels.length;
          int[] row = noisy[k].row(b);
          for (int p = 0; p < term.length; p++) {
            double up = logarithm(above.get(p), levels[b], row);
            double down = logarithm(below.get(p), levels[b], row);
            term[p] += advantage * (up - down) / (2 * STEP);
          }
        }
      }
      return term;
    }

    /** {@code ln q(z | x_0)}. */
    private double logarithm(StateDependentSchedule schedule, double level, int... noisy) {
      double time = elbo.time(level);
      double sum = 0;
      for (int n = 0; n < noisy.length; n++) {
        sum +=
            noisy[n] == CLEAN[n]
                ? Math.log1p(-schedule.oneMinusAlpha(time, CLEAN[n]))
                : Math.log(schedule.oneMinusAlpha(time, CLEAN[n]));
      }
      return sum;
    }

    /** Mask k of every row. */
    private static TokenBatch sample(List<DenoiserInput> questions, int k) {
      if (questions.size() == 2) {
        return questions.get(k).tokens();
      }
      TokenBatch all = questions.get(0).tokens();
      int count = all.rows() / ROWS;
      return TokenBatch.of(
          VOCABULARY,
          IntStream.range(0, ROWS).mapToObj(b -> all.row(count * b + k)).toArray(int[][]::new));
    }
  }
}
