package org.md4j.examples;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

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

  /** All names, as they are typed. */
  static final String ALL =
      Arrays.stream(values()).map(SamplerName::toString).collect(Collectors.joining(", "));

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
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A sampler by its name. */
  static final class Converter implements ITypeConverter<SamplerName> {
    @Override
    public SamplerName convert(String name) {
      return Arrays.stream(values())
          .filter(sampler -> sampler.toString().equals(name))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'%s' must be one of %s".formatted(name, ALL)));
    }
  }
}
