package org.md4j.diffusion;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.md4j.core.CounterRandom;
import org.md4j.core.Denoiser;
import org.md4j.core.RowSource;
import org.md4j.likelihood.LikelihoodEstimate;
import org.md4j.likelihood.LikelihoodEstimator;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.likelihood.ProtocolChoice;
import org.md4j.likelihood.ProtocolChooser;

/**
 * Measures how likely held-out rows are under a model; says by how much the number may be off.
 *
 * <p>Where no protocol is given, a pilot of {@value #PILOT_EVALUATIONS} network rows for each
 * candidate finds the one with the least variance; the pilot draws with another seed, so that what
 * it finds by luck does not enter the measurement.
 *
 * <p>Immutable: a method that begins with {@code with} returns another measurement. Deterministic
 * for a seed. Used by one thread, while the model is open.
 */
public final class LikelihoodMeasurement {
  /** Network rows given to each candidate of a pilot. */
  public static final long PILOT_EVALUATIONS = 256;

  /** Network rows a measurement may take if nothing else is said. */
  public static final long MOST_EVALUATIONS = 100_000;

  private static final int LEAST_GROUPS = 2;

  private final Denoiser denoiser;
  private final Fit fit;
  private final RowSource rows;
  private final long seed;
  private final long mostEvaluations;
  private final @Nullable LikelihoodProtocol protocol;

  private LikelihoodMeasurement(
      Denoiser denoiser,
      Fit fit,
      RowSource rows,
      long seed,
      long mostEvaluations,
      @Nullable LikelihoodProtocol protocol) {
    this.denoiser = denoiser;
    this.fit = fit;
    this.rows = rows;
    this.seed = seed;
    this.mostEvaluations = mostEvaluations;
    this.protocol = protocol;
  }

  /**
   * A measurement with seed 0, of at most {@value #MOST_EVALUATIONS} network rows, by the protocol
   * a pilot finds.
   *
   * @param denoiser the network
   * @param fit what fits the objective it was trained on
   * @param rows held-out rows, at least two
   */
  public static LikelihoodMeasurement of(Denoiser denoiser, Fit fit, RowSource rows) {
    return new LikelihoodMeasurement(denoiser, fit, rows, 0, MOST_EVALUATIONS, null);
  }

  /** Returns the measurement with another seed, of the rows' order, the levels and the masks. */
  public LikelihoodMeasurement withSeed(long seed) {
    return new LikelihoodMeasurement(denoiser, fit, rows, seed, mostEvaluations, protocol);
  }

  /** Returns the measurement with another limit of network rows, at least 1, pilot not counted. */
  public LikelihoodMeasurement withMostEvaluations(long mostEvaluations) {
    if (mostEvaluations < 1) {
      throw new IllegalArgumentException(
          "mostEvaluations (" + mostEvaluations + ") must be at least 1");
    }
    return new LikelihoodMeasurement(denoiser, fit, rows, seed, mostEvaluations, protocol);
  }

  /** Returns the measurement by a protocol of the caller's choice. */
  public LikelihoodMeasurement withProtocol(LikelihoodProtocol protocol) {
    return new LikelihoodMeasurement(denoiser, fit, rows, seed, mostEvaluations, protocol);
  }

  /**
   * Runs the pilot of the protocols for which rows and limit are large enough.
   *
   * @throws IllegalArgumentException if they are large enough for none
   */
  public ProtocolChoice pilot() {
    List<LikelihoodProtocol> candidates =
        fit.protocols().stream().filter(this::isAffordable).toList();
    if (candidates.isEmpty()) {
      requireAffordable(fit.protocols().get(0));
    }
    return new ProtocolChooser(denoiser, rows, new CounterRandom(~seed))
        .choose(candidates, PILOT_EVALUATIONS);
  }

  /**
   * Measures until the standard error is small enough or the limit of network rows is reached;
   * {@link LikelihoodEstimate#reachedPrecision} tells which.
   *
   * @param bitsPerToken the standard error wanted, bits per token, positive
   */
  public LikelihoodEstimate toStandardError(double bitsPerToken) {
    return estimator().untilPrecision(bitsPerToken, mostEvaluations);
  }

  /**
   * Measures with a number of network rows.
   *
   * @param evaluations at least two groups of the protocol
   */
  public LikelihoodEstimate forEvaluations(long evaluations) {
    return estimator().estimate(evaluations);
  }

  private LikelihoodEstimator estimator() {
    LikelihoodProtocol by = protocol;
    if (by == null) {
      by = fit.isExact() ? fit.protocols().get(0) : pilot().protocol();
    }
    requireAffordable(by);
    return new LikelihoodEstimator(denoiser, rows, by, new CounterRandom(seed));
  }

  private boolean isAffordable(LikelihoodProtocol candidate) {
    long evaluations = leastEvaluations(candidate);
    return rows.size() >= leastRows(candidate)
        && mostEvaluations >= evaluations
        && PILOT_EVALUATIONS >= evaluations;
  }

  private void requireAffordable(LikelihoodProtocol chosen) {
    if (rows.size() < leastRows(chosen)) {
      throw new IllegalArgumentException(
          "rows (%d) must be at least %d for protocol %s: use more data"
              .formatted(rows.size(), leastRows(chosen), Fit.describe(chosen)));
    }
    if (mostEvaluations < leastEvaluations(chosen)) {
      throw new IllegalArgumentException(
          "mostEvaluations (%d) must be at least %d for protocol %s"
              .formatted(mostEvaluations, leastEvaluations(chosen), Fit.describe(chosen)));
    }
  }

  private static long leastEvaluations(LikelihoodProtocol protocol) {
    return (long) LEAST_GROUPS * protocol.evaluationsPerGroup();
  }

  private static long leastRows(LikelihoodProtocol protocol) {
    return (long) LEAST_GROUPS * protocol.rowsTogether();
  }
}
