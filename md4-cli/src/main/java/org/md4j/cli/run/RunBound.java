package org.md4j.cli.run;

import java.util.List;
import org.md4j.likelihood.LikelihoodProtocol;
import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.ContinuousTimeElbo;
import org.md4j.objective.DiscreteTimeElbo;
import org.md4j.objective.Elbo;
import org.md4j.objective.HybridElbo;
import org.md4j.objective.MaskCountElbo;
import org.md4j.objective.Objective;
import org.md4j.objective.ScoreEntropyElbo;

/**
 * The ways to measure the bound of a run: all of them, up to the constants of clipped schedules,
 * estimate the same number.
 *
 * @param objective what the network was trained on
 */
public record RunBound(Objective objective) {
  /** Whether a row's value has no noise, so that one look at it is enough. */
  public boolean isExact() {
    return objective instanceof AutoregressiveLikelihood;
  }

  /** By times of rows. */
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

  /**
   * By numbers of masks, or nothing where the bound is one of steps or masks depend on what they
   * hide.
   */
  public List<Objective> inMaskCounts() {
    if (objective instanceof Elbo elbo && !(elbo instanceof DiscreteTimeElbo)) {
      return List.of(new MaskCountElbo(elbo.schedule()));
    }
    if (objective instanceof ScoreEntropyElbo scoreEntropy) {
      return List.of(new ScoreEntropyElbo(new MaskCountElbo(scoreEntropy.bound().schedule())));
    }
    return List.of();
  }

  /** A protocol in words. */
  public static String describe(LikelihoodProtocol protocol) {
    if (protocol.objective() instanceof AutoregressiveLikelihood) {
      return "exact, from left to right";
    }
    boolean counts =
        protocol.objective() instanceof MaskCountElbo
            || (protocol.objective() instanceof ScoreEntropyElbo scoreEntropy
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
}
