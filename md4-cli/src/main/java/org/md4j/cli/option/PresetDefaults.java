package org.md4j.cli.option;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.md4j.model.text.TransformerConfig;
import org.md4j.train.RowChoice;
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
    Map<String, TransformerConfig> networks = new LinkedHashMap<>();
    TextPresets.ALL.forEach(preset -> networks.put(preset.name(), preset.network()));
    return Stream.concat(
            Stream.of(trainerDefaults(trainers)),
            Stream.of(
                new Object[][] {
                  {"default.length", told(networks, network -> plain(network.length()))},
                  {
                    "default.short-convolution",
                    told(networks, network -> plain(network.shortConvolution()))
                  },
                  {"default.ngrams", told(networks, PresetDefaults::orders)}
                }))
        .toArray(Object[][]::new);
  }

  private static String orders(TransformerConfig network) {
    List<Integer> orders = network.ngrams().orders();
    return orders.isEmpty()
        ? "0"
        : orders.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** What the options of {@link TrainingFlags} show, and the names of the presets. */
  static Object[][] trainerDefaults(Map<String, TrainerConfig> presets) {
    return new Object[][] {
      {"default.names", String.join(", ", presets.keySet())},
      {"default.steps", each(presets, TrainerConfig::steps)},
      {"default.batch", each(presets, TrainerConfig::batchSize)},
      {"default.learning-rate", each(presets, trainer -> trainer.optimizer().learningRate())},
      {"default.warmup", each(presets, trainer -> trainer.optimizer().warmupSteps())},
      {
        "default.rate-shape",
        told(presets, trainer -> FlagNames.spelled(trainer.optimizer().rateShape()))
      },
      {"default.muon", each(presets, trainer -> trainer.optimizer().muon().learningRate())},
      {"default.ema", each(presets, trainer -> trainer.optimizer().emaRate())},
      {"default.times", told(presets, trainer -> NoiseFlags.spelled(trainer.noise().times()))},
      {"default.weight", told(presets, trainer -> NoiseFlags.spelled(trainer.noise().weight()))},
      {
        "default.pairs",
        told(presets, trainer -> trainer.noise().complementaryPairs() ? "on" : "off")
      },
      {
        "default.mask-counts", told(presets, trainer -> trainer.noise().maskCounts() ? "on" : "off")
      },
      {
        "default.epochs",
        told(presets, trainer -> trainer.rowChoice() == RowChoice.EPOCHS ? "on" : "off")
      },
      {"default.eval-every", each(presets, trainer -> trainer.evaluation().every())},
      {"default.eval-rows", each(presets, trainer -> trainer.evaluation().rows())},
      {"default.seed", each(presets, TrainerConfig::seed)}
    };
  }

  private static String each(
      Map<String, TrainerConfig> presets, Function<TrainerConfig, Number> setting) {
    return told(presets, trainer -> plain(setting.apply(trainer)));
  }

  /** What a setting is in each preset, in words of the command line. */
  static <T> String told(Map<String, T> presets, Function<? super T, String> setting) {
    return presets.entrySet().stream()
        .map(preset -> preset.getKey() + " " + setting.apply(preset.getValue()))
        .collect(Collectors.joining("; ", "Default: the preset's (", ")."));
  }

  /** A number as a user would type it, without an exponent. */
  static String plain(Number value) {
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }
}
