package org.md4j.cli.option;

import org.md4j.objective.AutoregressiveLikelihood;
import org.md4j.objective.Objective;
import org.md4j.objective.StateDependentElbo;

/** A sampler as it is called on the command line, and the options that mean something to it. */
public enum SamplerName {
  EVENT_DRIVEN,
  STEPWISE,
  EULER,
  TAU_LEAPING,
  FIRST_HITTING,
  CONFIDENCE,
  MARGIN,
  ENTROPY,
  ENTROPY_BOUNDED,
  REMASKING,
  CORRECTOR,
  AUTOREGRESSIVE;

  /** The one to draw with from a network trained on an objective. */
  static SamplerName usual(Objective objective) {
    return objective instanceof AutoregressiveLikelihood ? AUTOREGRESSIVE : EVENT_DRIVEN;
  }

  /** Whether a network trained on an objective can be drawn from with this. */
  boolean fits(Objective objective) {
    if (objective instanceof AutoregressiveLikelihood) {
      return this == AUTOREGRESSIVE;
    }
    if (objective instanceof StateDependentElbo) {
      return this == EVENT_DRIVEN || this == STEPWISE;
    }
    return this != AUTOREGRESSIVE;
  }

  /** Whether an option that is not every sampler's is this one's. */
  public boolean uses(String option) {
    return switch (option) {
      case "--grid", "--steps" ->
          this != FIRST_HITTING && this != ENTROPY_BOUNDED && this != AUTOREGRESSIVE;
      case "--bound" -> this == ENTROPY_BOUNDED;
      case "--strength" -> this == REMASKING;
      case "--corrections", "--corrector-size" -> this == CORRECTOR;
      default -> throw new IllegalArgumentException("option (" + option + ") is every sampler's");
    };
  }

  @Override
  public String toString() {
    return FlagNames.spelled(this);
  }

  static final class Converter extends NameConverter<SamplerName> {
    Converter() {
      super(SamplerName.class);
    }
  }
}
