package org.md4j.examples;

import java.math.BigDecimal;
import java.util.ListResourceBundle;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.md4j.train.TextPreset;

/**
 * The defaults that --help shows, read from the presets themselves so that the two cannot differ.
 * Found by picocli under its name, and public for that.
 */
public final class PresetDefaults extends ListResourceBundle {
  @Override
  protected Object[][] getContents() {
    return new Object[][] {
      {
        "default.names",
        TextPreset.ALL.stream().map(TextPreset::name).collect(Collectors.joining(", "))
      },
      {"default.steps", each(preset -> preset.trainer().steps())},
      {"default.batch", each(preset -> preset.trainer().batchSize())},
      {"default.length", each(preset -> preset.network().length())},
      {"default.learning-rate", each(preset -> preset.trainer().learningRate())},
      {"default.warmup", each(preset -> preset.trainer().warmupSteps())},
      {"default.ema", each(preset -> preset.trainer().emaRate())},
      {"default.eval-every", each(preset -> preset.trainer().evaluateEvery())},
      {"default.eval-rows", each(preset -> preset.trainer().evaluationRows())},
      {"default.seed", each(preset -> preset.trainer().seed())}
    };
  }

  private static String each(Function<TextPreset, Number> setting) {
    return TextPreset.ALL.stream()
        .map(preset -> preset.name() + " " + plain(setting.apply(preset)))
        .collect(Collectors.joining(", ", "Default: the preset's (", ")."));
  }

  /** A number as a user would type it, without an exponent. */
  private static String plain(Number value) {
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }
}
