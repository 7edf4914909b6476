package org.md4j.examples;

import java.util.stream.Collectors;
import org.md4j.train.TextPreset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A preset by its name. */
final class PresetConverter implements ITypeConverter<TextPreset> {
  @Override
  public TextPreset convert(String name) {
    return TextPreset.ALL.stream()
        .filter(preset -> preset.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' must be one of %s"
                        .formatted(
                            name,
                            TextPreset.ALL.stream()
                                .map(TextPreset::name)
                                .collect(Collectors.joining(", ")))));
  }
}
