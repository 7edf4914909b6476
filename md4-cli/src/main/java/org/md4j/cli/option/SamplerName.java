package org.md4j.cli.option;

import org.md4j.diffusion.Fit;

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
  DILATED,
  HALTON,
  ENTROPY_BOUNDED,
  REMASKING,
  CORRECTOR,
  AUTOREGRESSIVE;

  /** The one to draw with where nothing else is asked for. */
  static SamplerName usual(Fit fit) {
    return fit.unmasking() == Fit.Unmasking.LEFT_TO_RIGHT ? AUTOREGRESSIVE : EVENT_DRIVEN;
  }

  /** Whether a network whose masks are lifted that way can be drawn from with this. */
  boolean fits(Fit fit) {
    return switch (fit.unmasking()) {
      case LEFT_TO_RIGHT -> this == AUTOREGRESSIVE;
      case SCHEDULE_OF_EACH_TOKEN -> this == EVENT_DRIVEN || this == STEPWISE;
      case COMMON_SCHEDULE, UNKNOWN -> this != AUTOREGRESSIVE;
    };
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
