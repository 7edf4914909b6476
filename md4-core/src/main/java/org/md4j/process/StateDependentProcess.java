package org.md4j.process;

import java.util.Arrays;
import org.md4j.core.Checks;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.core.Vocabulary;
import org.md4j.schedule.StateDependentSchedule;

/**
 * The process that masks tokens, one by one and independently, each at the pace of its own value.
 *
 * <pre>
 *   q(x_t | x_0 = v)      : v with probability alpha(t, v), else the mask
 *   q(x_t | x_s = v)      : v with probability alpha(t, v)/alpha(s, v), else the mask        s &lt;= t
 *   q(x_s | x_t, x_0 = v) : x_t if that is no mask, else
 *                           v with probability        (alpha(s, v) - alpha(t, v)) / (1 - alpha(t, v)),
 *                           the mask with probability (1 - alpha(s, v)) / (1 - alpha(t, v))
 * </pre>
 *
 * <p>How long a token stays masked tells something about its value: unlike in {@link
 * ForwardProcess}, the best prediction of a masked token depends on the time, and whether a
 * position is revealed depends on what is predicted there ({@link #reverse}).
 *
 * <p>Every draw compares one uniform of the caller's table with a probability; the table is keyed
 * by example and position, so the result is the same however the examples are split into batches.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, section 6 and equations (11), (30) and (31); the reverse step
 * is that of appendix I.2.
 *
 * @param schedule alpha of each token value
 */
public record StateDependentProcess(StateDependentSchedule schedule) {
  /**
   * The probability that a token unmasked at s is still unmasked at t, {@code alpha(t)/alpha(s)}.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @param token in 0..V-1
   * @return in [0, 1]; 1 for s = t
   */
  public double survivalProbability(double s, double t, int token) {
    Checks.ordered(s, t);
    double now = schedule.alpha(t, token);
    return s == t ? 1 : now / schedule.alpha(s, token);
  }

  /**
   * The rate beta at which an unmasked token is masked, {@code -alpha'(t)/alpha(t)}.
   *
   * @param t in [0, 1]
   * @param token in 0..V-1
   * @return at least 0; infinite where alpha is 0
   */
  public double maskingRate(double t, int token) {
    double alpha = schedule.alpha(t, token);
    // The limit, also where the derivative is 0 there: the rate's integral, -ln(alpha), diverges.
    return alpha == 0 ? Double.POSITIVE_INFINITY : -schedule.alphaPrime(t, token) / alpha;
  }

  /**
   * The probability that a token of a known value masked at t was not masked at s, {@code (alpha(s)
   * - alpha(t))/(1 - alpha(t))}.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @param token in 0..V-1
   * @return in [0, 1]; 0 for s = t
   */
  public double unmaskProbability(double s, double t, int token) {
    Checks.ordered(s, t);
    return schedule.unmaskProbability(s, t, token);
  }

  /**
   * The probability that a token of a known value masked at t was masked at s already, {@code (1 -
   * alpha(s))/(1 - alpha(t))}: one minus {@link #unmaskProbability}, without its cancellation.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @param token in 0..V-1
   * @return in [0, 1]; 1 for s = t
   */
  public double stayMaskedProbability(double s, double t, int token) {
    Checks.ordered(s, t);
    return schedule.stayMaskedProbability(s, t, token);
  }

  /**
   * Draws x_t given x_0: token n of row b is kept iff {@code uniforms.at(clean.firstExample() + b,
   * n) < alpha(times[b], x_0)}.
   *
   * @param clean x_0, [B, N], no masks; its labels and numbers stay with it, of the schedule's
   *     vocabulary
   * @param times t, [B], in [0, 1]; kept in the result, not copied
   * @param uniforms the masks' randomness, used for nothing else
   */
  public NoisedBatch noise(Rows clean, double[] times, Uniforms uniforms) {
    Vocabulary vocabulary = schedule.vocabulary();
    requireVocabulary(clean);
    Checks.clean(clean.tokens());
    Checks.times("times", times, clean.count());
    int length = clean.length();
    int[] tokens = clean.tokens().toFlat();
    double[] alphas = new double[vocabulary.size()];
    for (int b = 0; b < clean.count(); b++) {
      // A row repeats few values of a small vocabulary and holds few of a large one.
      Arrays.fill(alphas, Double.NaN);
      for (int i = b * length; i < (b + 1) * length; i++) {
        int token = tokens[i];
        if (Double.isNaN(alphas[token])) {
          alphas[token] = schedule.alpha(times[b], token);
        }
        if (!(uniforms.at(clean.firstExample() + b, i % length) < alphas[token])) {
          tokens[i] = vocabulary.maskId();
        }
      }
    }
    return NoisedBatch.of(clean, TokenBatch.ofFlat(vocabulary, clean.count(), tokens), times);
  }

  /**
   * Draws x_s given x_t and x_0: a masked token n of row b takes its clean value iff {@code
   * uniforms.at(clean.firstExample() + b, n) < unmaskProbability(earlier[b], times[b], x_0)}.
   *
   * @param batch x_0, x_t and t
   * @param earlier s, [B], in [0, t] of its row
   * @param uniforms not the table the masks of x_t were drawn with: that would make the draws
   *     depend on each other
   * @return x_s, [B, N]
   */
  public TokenBatch posterior(NoisedBatch batch, double[] earlier, Uniforms uniforms) {
    Rows clean = batch.clean();
    requireVocabulary(clean);
    Checks.times("earlier", earlier, clean.count());
    for (int b = 0; b < clean.count(); b++) {
      Checks.ordered(earlier[b], batch.times()[b]);
    }
    int length = clean.length();
    int[] tokens = batch.noisy().toFlat();
    for (int position : batch.maskedPositions()) {
      int b = position / length;
      int token = clean.tokens().token(position);
      double unmask = schedule.unmaskProbability(earlier[b], batch.times()[b], token);
      if (uniforms.at(clean.firstExample() + b, position % length) < unmask) {
        tokens[position] = token;
      }
    }
    return TokenBatch.ofFlat(clean.vocabulary(), clean.count(), tokens);
  }

  /**
   * Computes the reverse step of the model at a masked position, {@code p(x_s | x_t = mask)}: the
   * posterior with the prediction in place of the clean token.
   *
   * <pre>
   *   p(x_s = v)    = mu_v (alpha(s, v) - alpha(t, v)) / (1 - alpha(t, v))
   *   p(x_s = mask) = sum over v of mu_v (1 - alpha(s, v)) / (1 - alpha(t, v))
   * </pre>
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @param mu probabilities of the clean token, [V], summing to 1
   * @return [V+1], the last entry is the mask's; sums to 1; owned by the caller
   */
  public double[] reverse(double s, double t, double[] mu) {
    int size = schedule.vocabulary().size();
    if (mu.length != size) {
      throw new IllegalArgumentException(
          "mu must have shape [V] = [" + size + "], got [" + mu.length + "]");
    }
    double[] law = new double[size + 1];
    for (int v = 0; v < size; v++) {
      law[v] = mu[v] * unmaskProbability(s, t, v);
      law[size] += mu[v] * stayMaskedProbability(s, t, v);
    }
    return law;
  }

  private void requireVocabulary(Rows rows) {
    if (!rows.vocabulary().equals(schedule.vocabulary())) {
      throw new IllegalArgumentException(
          "tokens must be of the schedule's vocabulary, "
              + schedule.vocabulary()
              + ", got "
              + rows.vocabulary());
    }
  }
}
