package org.md4j.process;

import org.md4j.core.Checks;
import org.md4j.core.Rows;
import org.md4j.core.TokenBatch;
import org.md4j.core.Uniforms;
import org.md4j.schedule.MaskingSchedule;

/**
 * The process that masks tokens, one by one and independently, as time runs from 0 to 1.
 *
 * <pre>
 *   q(x_t | x_0)      : x_0 with probability alpha(t), else the mask
 *   q(x_t | x_s)      : x_s with probability alpha(t)/alpha(s), else the mask         s &lt;= t
 *   q(x_s | x_t, x_0) : x_t if that is no mask, else
 *                       x_0 with probability (alpha(s) - alpha(t)) / (1 - alpha(t)),
 *                       the mask with probability     (1 - alpha(s)) / (1 - alpha(t))
 * </pre>
 *
 * <p>Every draw compares one uniform of the caller's table with a probability; the table is keyed
 * by example and position, so the result is the same however the examples are split into batches.
 *
 * <p>Source: MD4, arXiv 2406.04329v4, equations (1) and (14) for the marginal, (16) for the
 * transition and (17) for the posterior.
 *
 * @param schedule alpha
 */
public record ForwardProcess(MaskingSchedule schedule) {
  /**
   * The probability that a token unmasked at s is still unmasked at t, {@code alpha(t)/alpha(s)}.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @return in [0, 1]; 1 for s = t
   */
  public double survivalProbability(double s, double t) {
    Checks.ordered(s, t);
    double now = schedule.alpha(t);
    return s == t ? 1 : now / schedule.alpha(s);
  }

  /**
   * The rate beta at which an unmasked token is masked, {@code -alpha'(t)/alpha(t)}.
   *
   * @param t in [0, 1]
   * @return at least 0; infinite where alpha is 0
   */
  public double maskingRate(double t) {
    double alpha = schedule.alpha(t);
    // At alpha = 0 the derivative may be 0 as well, yet the integral of the rate, -ln(alpha),
    // diverges there: the limit is infinite.
    return alpha == 0 ? Double.POSITIVE_INFINITY : -schedule.alphaPrime(t) / alpha;
  }

  /**
   * The probability that a token masked at t was not masked at s, {@code (alpha(s) - alpha(t))/(1 -
   * alpha(t))}: what a reverse step from t to s reveals.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @return in [0, 1]; 0 for s = t
   */
  public double unmaskProbability(double s, double t) {
    Checks.ordered(s, t);
    double decrease = decrease(s, t);
    return s == t ? 0 : decrease / schedule.oneMinusAlpha(t);
  }

  /**
   * The probability that a token masked at t was masked at s already, {@code (1 - alpha(s))/(1 -
   * alpha(t))}: one minus {@link #unmaskProbability}, without its cancellation.
   *
   * @param s in [0, t]
   * @param t in [s, 1]
   * @return in [0, 1]; 1 for s = t
   */
  public double stayMaskedProbability(double s, double t) {
    Checks.ordered(s, t);
    double masked = schedule.oneMinusAlpha(t);
    return s == t ? 1 : schedule.oneMinusAlpha(s) / masked;
  }

  /**
   * Draws x_t given x_0: token n of row b is kept iff {@code uniforms.at(clean.firstExample() + b,
   * n) < alpha(times[b])}.
   *
   * @param clean x_0, [B, N], no masks; its labels and numbers stay with it
   * @param times t, [B], in [0, 1]; kept in the result, not copied
   * @param uniforms the masks' randomness, used for nothing else
   */
  public NoisedBatch noise(Rows clean, double[] times, Uniforms uniforms) {
    Checks.times("times", times, clean.count());
    int length = clean.length();
    int[] tokens = clean.tokens().toFlat();
    for (int b = 0; b < clean.count(); b++) {
      double alpha = schedule.alpha(times[b]);
      for (int n = 0; n < length; n++) {
        if (!(uniforms.at(clean.firstExample() + b, n) < alpha)) {
          tokens[b * length + n] = clean.vocabulary().maskId();
        }
      }
    }
    return NoisedBatch.of(
        clean, TokenBatch.ofFlat(clean.vocabulary(), clean.count(), tokens), times);
  }

  /**
   * Draws x_s given x_t and x_0: a masked token n of row b takes its clean value iff {@code
   * uniforms.at(clean.firstExample() + b, n) < unmaskProbability(earlier[b], times[b])}.
   *
   * @param batch x_0, x_t and t
   * @param earlier s, [B], in [0, t] of its row
   * @param uniforms not the table the masks of x_t were drawn with: that would make the draws
   *     depend on each other
   * @return x_s, [B, N]
   */
  public TokenBatch posterior(NoisedBatch batch, double[] earlier, Uniforms uniforms) {
    Rows clean = batch.clean();
    Checks.times("earlier", earlier, clean.count());
    double[] unmask = new double[clean.count()];
    for (int b = 0; b < unmask.length; b++) {
      unmask[b] = unmaskProbability(earlier[b], batch.times()[b]);
    }
    int length = clean.length();
    int[] tokens = batch.noisy().toFlat();
    for (int position : batch.maskedPositions()) {
      int b = position / length;
      if (uniforms.at(clean.firstExample() + b, position % length) < unmask[b]) {
        tokens[position] = clean.tokens().token(position);
      }
    }
    return TokenBatch.ofFlat(clean.vocabulary(), clean.count(), tokens);
  }

  /**
   * Computes alpha(s) - alpha(t), as a difference of alphas or of their complements, whichever are
   * smaller and hence more precise.
   */
  private double decrease(double s, double t) {
    double before = schedule.alpha(s);
    double masked = schedule.oneMinusAlpha(t);
    return before < masked ? before - schedule.alpha(t) : masked - schedule.oneMinusAlpha(s);
  }
}
