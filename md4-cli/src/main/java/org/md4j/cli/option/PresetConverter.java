package org.md4j.cli.option;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.md4j.train.ImagePreset;
import org.md4j.train.TextPreset;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A preset by its name, or an error that lists those names. */
public abstract class PresetConverter<P> implements ITypeConverter<P> {
  /** Of text. */
  public static final class OfText extends PresetConverter<TextPreset> {
    OfText() {
      super(TextPresets.ALL, TextPreset::name);
    }
  }

  /** Of images. */
  static final class OfImages extends PresetConverter<ImagePreset> {
    OfImages() {
      super(ImagePreset.ALL, ImagePreset::name);
    }
  }

  /** Of both. */
  public static final class OfBoth extends PresetConverter<BenchmarkPreset> {
    OfBoth() {
      super(BenchmarkPreset.ALL, BenchmarkPreset::name);
    }
  }

  private final List<P> presets;
  private final Function<P, String> names;

  private PresetConverter(List<P> presets, Function<P, String> names) {
    this.presets = presets;
    this.names = names;
  }

  @Override
  public final P convert(String name) {
    return presets.stream()
        .filter(preset -> names.apply(preset).equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' must be one of %s"
                        .formatted(
                            name, presets.stream().map(names).collect(Collectors.joining(", ")))));
  }
}
