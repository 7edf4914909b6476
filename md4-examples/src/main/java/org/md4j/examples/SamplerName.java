package org.md4j.examples;

/** A sampler as it is called on the command line, and the options that mean something to it. */
enum SamplerName {
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
  CORRECTOR;

  /** Whether an option that is not every sampler's is this one's. */
  boolean uses(String option) {
    return switch (option) {
      case "--grid", "--steps" -> this != FIRST_HITTING && this != ENTROPY_BOUNDED;
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
