package org.md4j.cli.option;

import java.util.LinkedHashMap;
import java.util.ListResourceBundle;
import java.util.Map;
import org.md4j.train.ImagePreset;
import org.md4j.train.TrainerConfig;

/** As {@link PresetDefaults}, of the presets for images. */
public final class ImagePresetDefaults extends ListResourceBundle {
  @Override
  protected Object[][] getContents() {
    Map<String, TrainerConfig> trainers = new LinkedHashMap<>();
    ImagePreset.ALL.forEach(preset -> trainers.put(preset.name(), preset.trainer()));
    return PresetDefaults.trainerDefaults(trainers);
  }
}
