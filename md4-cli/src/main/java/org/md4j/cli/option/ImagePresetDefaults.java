package org.md4j.cli.option;

import java.util.LinkedHashMap;
import java.util.ListResourceBundle;
import java.util.Map;
import java.util.stream.Stream;
import org.md4j.model.image.UNetConfig;
import org.md4j.train.ImagePreset;
import org.md4j.train.TrainerConfig;

/** As {@link PresetDefaults}, of the presets for images. */
public final class ImagePresetDefaults extends ListResourceBundle {
  @Override
  protected Object[][] getContents() {
    Map<String, TrainerConfig> trainers = new LinkedHashMap<>();
    ImagePreset.ALL.forEach(preset -> trainers.put(preset.name(), preset.trainer()));
    Map<String, UNetConfig> networks = new LinkedHashMap<>();
    ImagePreset.ALL.forEach(preset -> networks.put(preset.name(), preset.network()));
    return Stream.concat(
            Stream.of(PresetDefaults.trainerDefaults(trainers)),
            Stream.of(
                new Object[][] {
                  {
                    "default.short-convolution",
                    PresetDefaults.told(
                        networks,
                        network -> Integer.toString(ImageSettings.shortConvolution(network)))
                  },
                  {
                    "default.values",
                    PresetDefaults.told(
                        networks, network -> FlagNames.spelled(network.valueEmbedding()))
                  },
                  {
                    "default.head",
                    PresetDefaults.told(networks, network -> FlagNames.spelled(network.logitHead()))
                  }
                }))
        .toArray(Object[][]::new);
  }
}
