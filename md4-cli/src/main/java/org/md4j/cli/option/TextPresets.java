package org.md4j.cli.option;

import java.util.List;
import org.md4j.train.TextPreset;

/** The presets that {@code --preset} chooses from for text: the library's, and the peer's. */
public final class TextPresets {
  /** Every preset, smallest first. */
  public static final List<TextPreset> ALL =
      List.of(
          TextPreset.TINY,
          PeerPresets.LEARNING,
          TextPreset.MINI,
          TextPreset.WORDS_MINI,
          TextPreset.TEXT8,
          TextPreset.GPT2_SMALL,
          TextPreset.GPT2_MEDIUM);

  private TextPresets() {}
}
