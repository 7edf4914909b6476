package org.md4j.toy;

import java.util.Arrays;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegrator;
import org.apache.commons.math3.analysis.integration.gauss.GaussIntegratorFactory;
import org.md4j.core.Denoiser;
import org.md4j.core.DenoiserInput;
import org.md4j.core.TokenBatch;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The bound of a state-dependent schedule without sampling, written down from its definition: masks
 * are enumerated, times integrated, and of the library only alpha and its derivative are used.
 *
 * @param firstTime t1, in [0, 1)
 */
public record ExactStateDependentElbo(
    StateDependentSchedule schedule, double firstTime, Denoiser denoiser) {
  private static final int NODES = 20;

  /** Enough for 1e-12 where t1 is at least 1e-4. */
  private static final int PANELS = 16;

  private static final GaussIntegratorFactory GAUSS = new GaussIntegratorFactory();

  /** What a masked token costs at a time. */
  private interface Cost {
    double of(double time, double[] mu, int target);
  }

  /**
   * A rule for integrals over [0, 1] of functions that may have a square-root singularity at the
   * ends.
   *
   * @param levels the nodes
   * @param weights their weights
   */
  public record Rule(double[] levels, double[] weights) {
    /** Gauss's rule on panels, after a substitution that is flat to fourth order at the ends. */
    public static Rule of(int panels) {
      Rule rule = new Rule(new double[panels * NODES], new double[panels * NODES]);
      for (int i = 0; i < rule.levels.length; i++) {
        int panel = i / NODES;
        GaussIntegrator gauss =
            GAUSS.legendre(NODES, (double) panel / panels, (panel + 1.0) / panels);
        double u = gauss.getPoint(i % NODES);
        rule.levels[i] = u * u * u * u * (35 - u * (84 - u * (70 - u * 20)));
        rule.weights[i] = gauss.getWeight(i % NODES) * 140 * Math.pow(u * (1 - u), 3);
      }
      return rule;
    }

    /** The rule of every bound here. */
    public static Rule fine() {
      return of(PANELS);
    }

    /** The integral of the function with these values at the nodes. */
    public double integral(double[] values) {
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        sum += weights[i] * values[i];
      }
      return sum;
    }
  }

  /** The integral over [t1, 1] of the expected cost, nats. */
  public double diffusion(int... clean) {
    Rule rule = Rule.fine();
    double[] times = Arrays.stream(rule.levels).map(u -> firstTime + (1 - firstTime) * u).toArray();
    return (1 - firstTime) * rule.integral(at(times, clean));
  }

  /** The expected cost at each time, nats per unit of time. */
  public double[] at(double[] times, int... clean) {
    return expectations(times, clean, this::rate);
  }

  /** The sum of the costs of some noisy rows, all of one clean row, [B]. */
  public double[] rowCosts(TokenBatch noisy, double[] times, int... clean) {
    return rowCosts(noisy, times, clean, this::rate);
  }

  /**
   * The divergences of T reverse steps on the uniform grid from 1 to t1, for which {@code p(x_s = v
   * | mask) = r_v mu_v}.
   */
  public double discrete(int steps, int... clean) {
    double[] times = new double[steps];
    Arrays.setAll(times, i -> gridTime(i + 1, steps));
    double step = (1 - firstTime) / steps;
    double[] sums =
        expectations(times, clean, (t, mu, x) -> divergence(Math.max(0, t - step), t, mu, x));
    return Arrays.stream(sums).sum();
  }

  /** The cost of guessing what is masked at t1 in proportion to how likely each value is masked. */
  public double reconstruction(int... clean) {
    double[] guess = guess();
    double nats = 0;
    for (int x : clean) {
      nats -= schedule.oneMinusAlpha(firstTime, x) * Math.log(guess[x]);
    }
    return nats;
  }

  /** The divergence of {@code q(x_1 | x_0)} from what sampling starts from, term by term. */
  public double prior(int... clean) {
    double[] start = start();
    int mask = start.length - 1;
    double nats = 0;
    for (int x : clean) {
      double kept = schedule.alpha(1, x);
      double masked = schedule.oneMinusAlpha(1, x);
      nats += kept == 0 ? 0 : kept * Math.log(kept / start[x]);
      nats += masked * Math.log(masked / start[mask]);
    }
    return nats;
  }

  /** All of it. */
  public double bound(int... clean) {
    return diffusion(clean) + reconstruction(clean) + prior(clean);
  }

  /**
   * The probability of every row, [V^N], under the model of T reverse steps: it starts from the
   * prior and guesses what is masked at t1.
   */
  public double[] modelled(int steps, int length) {
    Vocabulary vocabulary = schedule.vocabulary();
    int base = vocabulary.embeddingRows();
    double[] states = new double[Sequences.count(base, length)];
    double[] start = start();
    for (int i = 0; i < states.length; i++) {
      states[i] =
          Arrays.stream(Sequences.at(i, base, length))
              .mapToDouble(v -> start[v])
              .reduce(1, (a, b) -> a * b);
    }
    StateChain chain = new StateChain(denoiser, vocabulary, length, states);
    for (int i = steps; i > 0; i--) {
      double t = gridTime(i, steps);
      double s = gridTime(i - 1, steps);
      chain.move(
          row -> t,
          (row, mu, successors) -> {
            double[][] laws = new double[length][];
            for (int n = 0; n < length; n++) {
              laws[n] = revealed(row[n], s, t, mu[n]);
            }
            successors.add(1, laws);
          });
    }
    double[] guess = Arrays.copyOf(guess(), base);
    chain.move(
        row -> firstTime,
        (row, mu, successors) -> {
          double[][] laws = new double[length][];
          for (int n = 0; n < length; n++) {
            laws[n] = row[n] == vocabulary.maskId() ? guess : certain(row[n]);
          }
          successors.add(1, laws);
        });
    return chain.clean();
  }

  private double rate(double t, double[] mu, int x) {
    double nats = -weight(t, x) * (1 + Math.log(mu[x]));
    for (int v = 0; v < mu.length; v++) {
      nats += weight(t, v) * mu[v];
    }
    return nats;
  }

  private double divergence(double s, double t, double[] mu, int x) {
    double reveals = unmask(s, t, x);
    double modelReveals = 0;
    for (int v = 0; v < mu.length; v++) {
      modelReveals += unmask(s, t, v) * mu[v];
    }
    return -reveals * Math.log(mu[x])
        + (reveals == 1 ? 0 : (1 - reveals) * (Math.log1p(-reveals) - Math.log1p(-modelReveals)));
  }

  private double[] revealed(int token, double s, double t, double[] mu) {
    if (token != schedule.vocabulary().maskId()) {
      return certain(token);
    }
    double[] law = new double[mu.length + 1];
    law[mu.length] = 1;
    for (int v = 0; v < mu.length; v++) {
      law[v] = unmask(s, t, v) * mu[v];
      law[mu.length] -= law[v];
    }
    return law;
  }

  private double weight(double t, int v) {
    return -schedule.alphaPrime(t, v) / schedule.oneMinusAlpha(t, v);
  }

  private double unmask(double s, double t, int v) {
    double masked = schedule.oneMinusAlpha(t, v);
    return (masked - schedule.oneMinusAlpha(s, v)) / masked;
  }

  private double gridTime(int i, int steps) {
    return firstTime + (1 - firstTime) * i / steps;
  }

  private double[] start() {
    int size = schedule.vocabulary().size();
    double[] law = new double[size + 1];
    for (int v = 0; v < size; v++) {
      law[v] = schedule.alpha(1, v) / size;
      law[size] += schedule.oneMinusAlpha(1, v) / size;
    }
    return law;
  }

  private double[] guess() {
    double[] masked = new double[schedule.vocabulary().size()];
    Arrays.setAll(masked, v -> schedule.oneMinusAlpha(firstTime, v));
    double total = Arrays.stream(masked).sum();
    return Arrays.stream(masked).map(m -> m / total).toArray();
  }

  private double[] certain(int token) {
    double[] law = new double[schedule.vocabulary().embeddingRows()];
    law[token] = 1;
    return law;
  }

  /** The expectation over masks at each time of the sum over masked tokens. */
  private double[] expectations(double[] times, int[] clean, Cost cost) {
    int sets = 1 << clean.length;
    int[][] noisy = new int[times.length * sets][];
    double[] rowTimes = new double[noisy.length];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = masked(clean, i % sets);
      rowTimes[i] = times[i / sets];
    }
    double[] costs = rowCosts(TokenBatch.of(schedule.vocabulary(), noisy), rowTimes, clean, cost);
    double[] means = new double[times.length];
    for (int i = 0; i < noisy.length; i++) {
      means[i / sets] += probability(rowTimes[i], clean, i % sets) * costs[i];
    }
    return means;
  }

  private double[] rowCosts(TokenBatch noisy, double[] times, int[] clean, Cost cost) {
    int size = schedule.vocabulary().size();
    int[] positions = noisy.maskedPositions();
    double[] sums = new double[noisy.rows()];
    if (positions.length == 0) {
      return sums;
    }
    double[] logits =
        denoiser.logits(new DenoiserInput(noisy, times, positions)).dup('c').data().asDouble();
    for (int p = 0; p < positions.length; p++) {
      int row = positions[p] / clean.length;
      double[] mu = Arrays.stream(logits, p * size, (p + 1) * size).map(Math::exp).toArray();
      double total = Arrays.stream(mu).sum();
      Arrays.setAll(mu, v -> mu[v] / total);
      sums[row] += cost.of(times[row], mu, clean[positions[p] % clean.length]);
    }
    return sums;
  }

  /** The probability of a set of masks, bit n for position n. */
  public double probability(double time, int[] clean, int set) {
    double product = 1;
    for (int n = 0; n < clean.length; n++) {
      product *=
          isIn(set, n) ? schedule.oneMinusAlpha(time, clean[n]) : schedule.alpha(time, clean[n]);
    }
    return product;
  }

  /** Whether a position is in a set of masks. */
  public static boolean isIn(int set, long position) {
    return (set >> position & 1) == 1;
  }

  private int[] masked(int[] clean, int set) {
    int[] row = clean.clone();
    for (int n = 0; n < row.length; n++) {
      if (isIn(set, n)) {
        row[n] = schedule.vocabulary().maskId();
      }
    }
    return row;
  }
}
