package org.md4j.model.image;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What stands between the way down and the way up of a {@link UNetConfig}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Middle.Attention.class, name = "attention"),
  @JsonSubTypes.Type(value = Middle.Transformer.class, name = "transformer")
})
public sealed interface Middle {
  /**
   * Residual block, attention over all pixels, residual block (the CIFAR-10 network).
   *
   * @param heads attention heads; divide the channels of the lowest level
   */
  record Attention(int heads) implements Middle {
    /** Checks the range. */
    public Attention {
      Ranges.requireAtLeast("heads", heads, 1);
    }
  }

  /**
   * A diffusion transformer (DiT) on patches of pixels (the ImageNet 64x64 networks).
   *
   * @param layers transformer blocks
   * @param width of the transformer, a multiple of 4 (its position table has sines and cosines of
   *     rows and of columns)
   * @param heads attention heads; divide the width
   * @param patch side of a patch in pixels of the lowest level; divides its height and width
   */
  record Transformer(int layers, int width, int heads, int patch) implements Middle {
    /** Checks the ranges. */
    public Transformer {
      Ranges.requireAtLeast("layers", layers, 1);
      Ranges.requireAtLeast("width", width, 4);
      Ranges.requireAtLeast("heads", heads, 1);
      Ranges.requireAtLeast("patch", patch, 1);
      Ranges.requireDivides("4", 4, "width", width);
      Ranges.requireDivides("heads", heads, "width", width);
    }
  }
}
