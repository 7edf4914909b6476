package org.md4j.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a value that is written as a name and some numbers, {@code name:1:0.5}.
 *
 * @param <T> what is read
 */
abstract class NumbersConverter<T> implements ITypeConverter<T> {
  private static final String SEPARATOR = ":";

  private final List<Form<T>> forms;

  /**
   * A form a value may have.
   *
   * @param spelled with a word in capitals for each number, as messages show it
   * @param made of the numbers, which are as many as those words
   */
  record Form<T>(String spelled, Made<T> made) {
    private String name() {
      return spelled.split(SEPARATOR, 2)[0];
    }

    private int count() {
      return spelled.split(SEPARATOR, -1).length - 1;
    }
  }

  /** Makes a value of numbers. */
  interface Made<T> {
    T of(double... numbers);
  }

  NumbersConverter(List<Form<T>> forms) {
    this.forms = List.copyOf(forms);
  }

  @Override
  public final T convert(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    for (Form<T> form : forms) {
      if (form.name().equals(parts[0]) && form.count() == parts.length - 1) {
        try {
          return form.made()
              .of(Arrays.stream(parts).skip(1).mapToDouble(NumbersConverter::number).toArray());
        } catch (NumberFormatException e) {
          throw refusal(text);
        } catch (IllegalArgumentException e) {
          throw new TypeConversionException("'%s': %s".formatted(text, e.getMessage()));
        }
      }
    }
    throw refusal(text);
  }

  private static double number(String text) {
    return Double.parseDouble(text);
  }

  private TypeConversionException refusal(String text) {
    return new TypeConversionException(
        "'%s' must be one of %s"
            .formatted(text, forms.stream().map(Form::spelled).collect(Collectors.joining(", "))));
  }
}
