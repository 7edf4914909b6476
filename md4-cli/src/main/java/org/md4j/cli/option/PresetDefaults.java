package org.md4j.cli.option;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.ListResourceBundle;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.md4j.train.TrainerConfig;

/**
 * The defaults that --help shows, read from the presets themselves so that the two cannot differ.
 * Found by picocli under its name, and public for that.
 */
public final class PresetDefaults extends ListResourceBundle {
  @Override
  protected Object[][] getContents() {
    Map<String, TrainerConfig> trainers = new LinkedHashMap<>();
    TextPresets.ALL.forEach(preset -> trainers.put(preset.name(), preset.trainer()));
    Map<String, Number> lengths = new LinkedHashMap<>();
    TextPresets.ALL.forEach(preset -> lengths.put(preset.name(), preset.network().length()));
    return Stream.concat(
            Stream.of(trainerDefaults(trainers)),
            Stream.of(new Object[][] {{"default.length", listed(lengths)}}))
        .toArray(Object[][]::new);
  }

  /** What the options of {@link TrainingFlags} show, and the names of the presets. */
  static Object[][] trainerDefaults(Map<String, TrainerConfig> presets) {
    return new Object[][] {
      {"default.names", String.join(", ", presets.keySet())},
      {"default.steps", each(presets, TrainerConfig::steps)},
      {"default.batch", each(presets, TrainerConfig::batchSize)},
      {"default.learning-rate", each(presets, trainer -> trainer.optimizer().learningRate())},
      {"default.warmup", each(presets, trainer -> trainer.optimizer().warmupSteps())},
      {"default.ema", each(presets, trainer -> trainer.optimizer().emaRate())},
      {"default.eval-every", each(presets, trainer -> trainer.evaluation().every())},
      {"default.eval-rows", each(presets, trainer -> trainer.evaluation().rows())},
      {"default.seed", each(presets, TrainerConfig::seed)}
    };
  }

  private static String each(
      Map<String, TrainerConfig> presets, Function<TrainerConfig, Number> setting) {
    Map<String, Number> values = new LinkedHashMap<>();
    presets.forEach((name, trainer) -> values.put(name, setting.apply(trainer)));
    return listed(values);
  }

  private static String listed(Map<String, Number> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + " " + plain(value.getValue()))
        .collect(Collectors.joining(", ", "Default: the preset's (", ")."));
  }

  /** A number as a user would type it, without an exponent. */
  private static String plain(Number value) {
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }
}
