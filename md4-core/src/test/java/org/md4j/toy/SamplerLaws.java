package org.md4j.toy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.md4j.core.Denoiser;
import org.md4j.core.Vocabulary;
import org.md4j.sampling.TimeGrid;
import org.md4j.schedule.MaskingSchedule;

/**
 * The exact laws of what samplers return, written down from their definitions, without chance and
 * without their code.
 *
 * @param told the time the network is told, from the noisy row and the sampler's own time
 * @param filter what becomes of a prediction, [V], before a token is drawn from it
 */
public record SamplerLaws(
    Denoiser denoiser,
    MaskingSchedule schedule,
    Vocabulary vocabulary,
    Told told,
    UnaryOperator<double[]> filter) {
  /** Halvings of a short time in which a first-order step errs by less than draws can show. */
  private static final int HALVINGS = 26;

  /** The time the network is told. */
  @FunctionalInterface
  public interface Told {
    /** The time, given the noisy row and the sampler's own time. */
    double time(int[] row, double own);
  }

  /** The sampler's own time is told and predictions stay as they are. */
  public SamplerLaws(Denoiser denoiser, MaskingSchedule schedule, Vocabulary vocabulary) {
    this(denoiser, schedule, vocabulary, (row, own) -> own, mu -> mu);
  }

  /** The same with another filter. */
  public SamplerLaws withFilter(UnaryOperator<double[]> other) {
    return new SamplerLaws(denoiser, schedule, vocabulary, told, other);
  }

  /** The same, but the network is told the time at which as many tokens are visible. */
  public SamplerLaws tellingVisibleTokens() {
    return new SamplerLaws(
        denoiser,
        schedule,
        vocabulary,
        (row, own) -> timeOf(1 - (double) masks(row) / row.length),
        filter);
  }

  /** Ancestral sampling. */
  public double[] ancestral(TimeGrid grid, int... start) {
    return stepwise(
        grid, (s, t) -> (schedule.alpha(s) - schedule.alpha(t)) / (1 - schedule.alpha(t)), start);
  }

  /**
   * Independent steps.
   *
   * @param unmask the probability of a mask to be revealed in a step, a function of (s, t)
   * @return [V^N], indexed as {@link Sequences} counts
   */
  public double[] stepwise(TimeGrid grid, DoubleBinaryOperator unmask, int... start) {
    StateChain chain = StateChain.from(denoiser, vocabulary, start);
    for (int i = 0; i < grid.steps(); i++) {
      double t = grid.time(i);
      both(chain, t, unmask.applyAsDouble(grid.time(i + 1), t), 0, start);
    }
    return filled(chain);
  }

  /** Remasking. */
  public double[] remasking(TimeGrid grid, double strength, int... start) {
    StateChain chain = StateChain.from(denoiser, vocabulary, start);
    for (int i = 0; i < grid.steps(); i++) {
      double t = grid.time(i);
      double at = schedule.alpha(t);
      double as = schedule.alpha(grid.time(i + 1));
      double sigma = strength * (at == 0 ? 1 : Math.min(1, (1 - as) / at));
      both(chain, t, (as - (1 - sigma) * at) / (1 - at), sigma, start);
      assertMarginal(chain, grid.time(i + 1), start);
    }
    return filled(chain);
  }

  /** Ancestral steps and corrections; the two-state process is followed in many tiny steps. */
  public double[] corrected(TimeGrid grid, int corrections, double size, int... start) {
    StateChain chain = StateChain.from(denoiser, vocabulary, start);
    for (int i = 0; i < grid.steps(); i++) {
      double t = grid.time(i);
      double s = grid.time(i + 1);
      double at = schedule.alpha(t);
      double as = schedule.alpha(s);
      both(chain, t, (as - at) / (1 - at), 0, start);
      for (int j = 0; j < corrections && s > 0; j++) {
        double masking = -schedule.alphaPrime(s) / as;
        double unmasking = -schedule.alphaPrime(s) / (1 - as);
        double tiny = size / (1L << HALVINGS);
        double mask = masking * tiny;
        double unmask = unmasking * tiny;
        for (int k = 0; k < HALVINGS; k++) {
          double nextMask = mask * (1 - unmask) + (1 - mask) * mask;
          unmask = unmask * (1 - mask) + (1 - unmask) * unmask;
          mask = nextMask;
        }
        both(chain, s, unmask, mask, start);
        assertMarginal(chain, s, start);
      }
    }
    return filled(chain);
  }

  /**
   * Masks revealed one by one, each the next with the same probability, the network told no time.
   */
  public double[] anyOrder(int... start) {
    StateChain chain = StateChain.from(denoiser, vocabulary, start);
    for (int i = 0; i < masks(start); i++) {
      chain.move(
          row -> 0.5,
          (row, mu, successors) -> {
            for (int n = 0; n < row.length; n++) {
              if (isMask(row[n])) {
                successors.add(1.0 / masks(row), revealing(row, mu, n));
              }
            }
          });
    }
    return chain.clean();
  }

  /**
   * The surest positions first.
   *
   * @param sure how sure a prediction, [V], is
   */
  public double[] ordered(TimeGrid grid, ToDoubleFunction<double[]> sure, int... start) {
    StateChain chain = StateChain.from(denoiser, vocabulary, start);
    for (int i = 0; i < grid.steps(); i++) {
      double t = grid.time(i);
      int left = left(grid, i + 1, start);
      chain.move(
          row -> told.time(row, t),
          (row, mu, successors) ->
              successors.add(
                  1,
                  revealing(
                      row,
                      mu,
                      Arrays.copyOf(ranked(row, mu, sure), Math.max(0, masks(row) - left)))));
    }
    return chain.clean();
  }

  /** The blanks in a given order, as many in a step as the schedule says. */
  public double[] inOrder(TimeGrid grid, int[] order, int... start) {
    StateChain chain = StateChain.from(denoiser, vocabulary, start);
    int[] blanks = IntStream.of(order).filter(n -> isMask(start[n])).toArray();
    for (int i = 0; i < grid.steps(); i++) {
      double t = grid.time(i);
      int[] now =
          Arrays.copyOfRange(
              blanks,
              blanks.length - left(grid, i, start),
              blanks.length - left(grid, i + 1, start));
      chain.move(
          row -> told.time(row, t),
          (row, mu, successors) -> successors.add(1, revealing(row, mu, now)));
    }
    return chain.clean();
  }

  /**
   * The blanks in steps that are spread evenly: the j-th of k in step g, of those that reveal
   * something, is at (j + r(g)) / k, r = 0, 1/2, 1/4, 3/4, ...
   */
  public double[] dilated(TimeGrid grid, int... start) {
    double[] offsets = {0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875};
    int[] blanks = IntStream.range(0, start.length).filter(n -> isMask(start[n])).toArray();
    double[] places = new double[blanks.length];
    int next = 0;
    int group = 0;
    for (int i = 0; i < grid.steps(); i++) {
      int count = left(grid, i, start) - left(grid, i + 1, start);
      for (int j = 0; j < count; j++) {
        places[next++] = (j + offsets[group]) / count;
      }
      group += count > 0 ? 1 : 0;
    }
    int[] order = new int[blanks.length];
    for (int i = 0; i < order.length; i++) {
      int before = 0;
      for (int j = 0; j < order.length; j++) {
        before += places[j] < places[i] || (places[j] == places[i] && j < i) ? 1 : 0;
      }
      order[i] = blanks[before];
    }
    return inOrder(grid, order, start);
  }

  /** As many of the least entropies as a bound allows. */
  public double[] entropyBounded(double bound, int... start) {
    StateChain chain = StateChain.from(denoiser, vocabulary, start);
    for (int i = 0; i < masks(start); i++) {
      chain.move(
          row -> told.time(row, timeOf(1 - (double) masks(row) / masks(start))),
          (row, mu, successors) -> {
            int[] ranked = ranked(row, mu, p -> -entropy(p));
            int count = 0;
            for (int k = 1; k <= ranked.length; k++) {
              double[] prefix =
                  IntStream.range(0, k).mapToDouble(j -> entropy(mu[ranked[j]])).toArray();
              double excess =
                  Arrays.stream(prefix).sum() - Arrays.stream(prefix).max().getAsDouble();
              count = k == 1 || excess <= bound ? k : count;
            }
            successors.add(1, revealing(row, mu, Arrays.copyOf(ranked, count)));
          });
    }
    return chain.clean();
  }

  /** The entropy of a law, in nats. */
  public static double entropy(double[] law) {
    return -Arrays.stream(law).filter(p -> p > 0).map(p -> p * Math.log(p)).sum();
  }

  /** One step in which masks are revealed and tokens that were not given are masked. */
  private void both(StateChain chain, double time, double unmask, double remask, int[] start) {
    double bounded = Math.max(0, Math.min(1, unmask));
    chain.move(
        row -> told.time(row, time),
        (row, mu, successors) -> {
          double[][] laws = new double[row.length][];
          for (int n = 0; n < row.length; n++) {
            double stay = isMask(row[n]) ? 1 - bounded : isMask(start[n]) ? 1 - remask : 1;
            double[] other = isMask(row[n]) ? drawn(mu[n]) : certain(vocabulary.maskId());
            laws[n] = certain(row[n]);
            for (int v = 0; v < laws[n].length; v++) {
              laws[n][v] = stay * laws[n][v] + (1 - stay) * other[v];
            }
          }
          successors.add(1, laws);
        });
  }

  /** The law of rows once the masks left over have become the likeliest tokens at t = 0. */
  private double[] filled(StateChain chain) {
    chain.move(
        row -> told.time(row, 0),
        (row, mu, successors) -> {
          double[][] laws = new double[row.length][];
          for (int n = 0; n < row.length; n++) {
            double[] p = mu[n];
            int best = IntStream.range(0, p.length).reduce(0, (a, b) -> p[b] > p[a] ? b : a);
            laws[n] = certain(isMask(row[n]) ? best : row[n]);
          }
          successors.add(1, laws);
        });
    return chain.clean();
  }

  /**
   * The law itself is checked, not a sampler: as many are masked as by the forward process, but for
   * alpha(1), the share of tokens that process has at the start and a sampler has not.
   */
  private void assertMarginal(StateChain chain, double time, int[] start) {
    int[] blanks = IntStream.range(0, start.length).filter(n -> isMask(start[n])).toArray();
    double masked = chain.masked(blanks);
    double expected = 1 - schedule.alpha(time);
    if (Math.abs(masked - expected) > schedule.alpha(1) + 1e-6) {
      throw new AssertionError("share of masks must be " + expected + ", got " + masked);
    }
  }

  /** The masks a row has left after a number of steps, if the schedule says so, rounded. */
  private int left(TimeGrid grid, int steps, int[] start) {
    double first = 1 - schedule.alpha(1);
    double last = 1 - schedule.alpha(0);
    double now = 1 - schedule.alpha(grid.time(steps));
    return (int) Math.floor(masks(start) * (now - last) / (first - last) + 0.5 + 1e-9);
  }

  private double[][] revealing(int[] row, double[][] mu, int... positions) {
    double[][] laws = Arrays.stream(row).mapToObj(this::certain).toArray(double[][]::new);
    for (int n : positions) {
      laws[n] = drawn(mu[n]);
    }
    return laws;
  }

  /** Masked positions, the surest first. */
  private int[] ranked(int[] row, double[][] mu, ToDoubleFunction<double[]> sure) {
    return IntStream.range(0, row.length)
        .filter(n -> isMask(row[n]))
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(n -> sure.applyAsDouble(mu[n])).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** [V] -> [V+1], after the filter. */
  private double[] drawn(double[] mu) {
    return Arrays.copyOf(filter.apply(mu), vocabulary.embeddingRows());
  }

  private double[] certain(int token) {
    double[] law = new double[vocabulary.embeddingRows()];
    law[token] = 1;
    return law;
  }

  private boolean isMask(int token) {
    return token == vocabulary.maskId();
  }

  private int masks(int[] row) {
    return (int) Arrays.stream(row).filter(this::isMask).count();
  }

  private double timeOf(double alpha) {
    return schedule.inverseAlpha(Math.max(schedule.alpha(1), Math.min(schedule.alpha(0), alpha)));
  }
}
