package org.md4j.cli.option;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A constant of an enum by its name as it is typed, or an error that lists those names. */
public abstract class NameConverter<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  /** Creates a converter of the constants of an enum. */
  protected NameConverter(Class<E> type) {
    this.type = type;
  }

  @Override
  public final E convert(String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> FlagNames.spelled(constant).equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' must be one of %s"
                        .formatted(
                            name,
                            Arrays.stream(type.getEnumConstants())
                                .map(FlagNames::spelled)
                                .collect(Collectors.joining(", ")))));
  }
}
