package org.md4j.diffusion;

import java.util.List;
import java.util.Optional;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.likelihood.ProtocolChooser;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;
import org.md4j.objective.StateDependentElbo;
import org.md4j.sampling.AutoregressiveSampler;
import org.md4j.sampling.Decoding;
import org.md4j.sampling.EventDrivenSampler;
import org.md4j.sampling.LogitFilter;
import org.md4j.sampling.ReverseSampler;
import org.md4j.sampling.StateDependentEventDrivenSampler;
import org.md4j.sampling.StateDependentStepwiseSampler;
import org.md4j.sampling.TimeGrid;
import org.md4j.sampling.ToldTime;
import org.md4j.schedule.MaskingSchedule;
import org.md4j.schedule.StateDependentSchedule;

/**
 * Knows what fits an objective: with which samplers a network trained on it is drawn from, and by
 * which estimators its bound is measured. No other place needs to ask what an objective is.
 *
 * @param objective what the network was trained on; of a learned schedule, with the schedule to use
 */
public record Fit(Objective objective) {
  /** How the masks of an objective are lifted again. */
  public enum Unmasking {
    /** One schedule for all token values: every sampler but the one from left to right. */
    COMMON_SCHEDULE,
    /** A schedule for each token value: event-driven or step by step. */
    SCHEDULE_OF_EACH_TOKEN,
    /** From left to right, one token after another. */
    LEFT_TO_RIGHT,
    /** An objective of a user's own that names no schedule: only a sampler of the user's own. */
    UNKNOWN
  }

  /** How masks are lifted again. */
  public Unmasking unmasking() {
    if (objective instanceof StateDependentElbo) {
      return Unmasking.SCHEDULE_OF_EACH_TOKEN;
    }
    if (objective instanceof AutoregressiveLikelihood) {
      return Unmasking.LEFT_TO_RIGHT;
    }
    return objective.commonSchedule().isPresent() ? Unmasking.COMMON_SCHEDULE : Unmasking.UNKNOWN;
  }

  /**
   * The one masking schedule all token values have.
   *
   * @throws UnsupportedOperationException if there is none, as for GenMD4 and autoregressive models
   */
  public MaskingSchedule commonSchedule() {
    return objective
        .commonSchedule()
        .orElseThrow(
            () ->
                new UnsupportedOperationException(
                    "objective (%s) must have one masking schedule that all tokens share, as those of md4, sedd and d3pm have"
                        .formatted(name())));
  }

  /**
   * The sampler to start with: ancestral sampling at the price of the steps in which something is
   * revealed, or what the objective has instead.
   *
   * @param grid times of the steps; not read from left to right
   * @param filter applied to logits before a token is drawn
   * @param toldTime the time a network with a common schedule is told
   * @throws UnsupportedOperationException if none of our samplers fits
   */
  public ReverseSampler sampler(TimeGrid grid, LogitFilter filter, ToldTime toldTime) {
    if (objective instanceof StateDependentElbo learned) {
      return new StateDependentEventDrivenSampler(learned.schedule(), filter, grid);
    }
    if (objective instanceof AutoregressiveLikelihood) {
      return new AutoregressiveSampler(filter);
    }
    return EventDrivenSampler.ancestral(
        Decoding.of(commonSchedule()).withFilter(filter).withToldTime(toldTime), grid);
  }

  /**
   * The sampler that asks the whole network at every step of a schedule of each token.
   *
   * @throws UnsupportedOperationException if token values have no schedules of their own
   */
  public ReverseSampler stepwiseOfEachToken(TimeGrid grid, LogitFilter filter) {
    if (objective instanceof StateDependentElbo learned) {
      return new StateDependentStepwiseSampler(learned.schedule(), filter, grid);
    }
    throw new UnsupportedOperationException(
        "objective (%s) must have a schedule for each token".formatted(name()));
  }

  /** The learned schedule of each token; empty if token values have no schedules of their own. */
  public Optional<StateDependentSchedule> scheduleOfEachToken() {
    return objective instanceof StateDependentElbo learned
        ? Optional.of(learned.schedule())
        : Optional.empty();
  }

  /** Whether a row's value holds no noise, so that one look at a row is enough. */
  public boolean isExact() {
    return objective instanceof AutoregressiveLikelihood;
  }

  /** Network rows that a training row takes: as many as masks are drawn for it. */
  public int masksOfTrainingRow() {
    return objective instanceof StateDependentElbo learned ? learned.maskSamples().count() : 1;
  }

  /** The estimator of the bound by times of rows. */
  public Objective inTime() {
    if (objective instanceof Elbo elbo) {
      return elbo instanceof DiscreteTimeElbo ? elbo : new ContinuousTimeElbo(elbo.schedule());
    }
    if (objective instanceof ScoreEntropyElbo scoreEntropy) {
      return new ScoreEntropyElbo(new ContinuousTimeElbo(scoreEntropy.bound().schedule()));
    }
    if (objective instanceof HybridElbo hybrid) {
      return hybrid.bound();
    }
    return objective;
  }

  /** The protocols a pilot chooses from. */
  public List<LikelihoodProtocol> protocols() {
    return isExact()
        ? List.of(new LikelihoodProtocol(objective, 1, 1))
        : ProtocolChooser.candidates(
            objective
                .inMaskCounts()
                .map(counts -> List.of(inTime(), counts))
                .orElse(List.of(inTime())));
  }

  /** Says a protocol in words. */
  public static String describe(LikelihoodProtocol protocol) {
    Objective measured = protocol.objective();
    if (measured instanceof AutoregressiveLikelihood) {
      return "exact, from left to right";
    }
    boolean counts =
        measured instanceof MaskCountElbo
            || (measured instanceof ScoreEntropyElbo scoreEntropy
                && scoreEntropy.bound() instanceof MaskCountElbo);
    if (protocol.rowsTogether() > 1) {
      return (counts ? "mask-count, numbers of masks" : "paper, times")
          + " spread over %d rows".formatted(protocol.rowsTogether());
    }
    return "%s, %d %s a row"
        .formatted(
            counts ? "mask-count" : "stratified-time",
            protocol.drawsPerRow(),
            protocol.drawsPerRow() == 1 ? "draw" : "draws");
  }

  private String name() {
    return objective.getClass().getSimpleName();
  }
}
