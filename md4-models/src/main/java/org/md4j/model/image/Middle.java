package org.md4j.model.image;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.md4j.model.layer.ShortConvolution;

/** The part that stands between the way down and the way up of a {@link UNetConfig}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Middle.Attention.class, name = "attention"),
  @JsonSubTypes.Type(value = Middle.Transformer.class, name = "transformer")
})
public sealed interface Middle {
  /**
   * A residual block, attention over all pixels and another residual block (the CIFAR-10 network).
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
   * @param width width of the transformer, a multiple of 4 (its position table has sines and
   *     cosines of rows and of columns)
   * @param heads attention heads; divide the width
   * @param patch the side of a patch in pixels of the lowest level; divides its height and width
   * @param shortConvolution width w, odd and at most {@link ShortConvolution#WIDEST}, of a {@link
   *     ShortConvolution} over the patches, row after row, before the attention and before the
   *     feed-forward of every block, 2 w D parameters a block; or 0 for none, as in the paper. Less
   *     than half of w patches from an end of a row of patches it reads the row above or below,
   *     whose patches lie beside it in that order
   */
  record Transformer(int layers, int width, int heads, int patch, int shortConvolution)
      implements Middle {
    /** Checks the ranges. */
    public Transformer {
      Ranges.requireAtLeast("layers", layers, 1);
      Ranges.requireAtLeast("width", width, 4);
      Ranges.requireAtLeast("heads", heads, 1);
      Ranges.requireAtLeast("patch", patch, 1);
      Ranges.requireDivides("4", 4, "width", width);
      Ranges.requireDivides("heads", heads, "width", width);
      ShortConvolution.requireWidth("shortConvolution", shortConvolution);
    }

    /** A builder of the paper's transformer of best likelihood. */
    public static Builder builder() {
      return new Builder();
    }

    /** A builder that starts from this transformer. */
    public Builder toBuilder() {
      return builder()
          .layers(layers)
          .width(width)
          .heads(heads)
          .patch(patch)
          .shortConvolution(shortConvolution);
    }

    /** Sets the shape of a transformer, by name. */
    public static final class Builder {
      private int layers = 12;
      private int width = 768;
      private int heads = 12;
      private int patch = 2;
      private int shortConvolution;

      private Builder() {}

      /** Sets the transformer blocks, at least 1; by default 12. */
      public Builder layers(int layers) {
        this.layers = layers;
        return this;
      }

      /** Sets the width, a multiple of 4 and of the heads; by default 768. */
      public Builder width(int width) {
        this.width = width;
        return this;
      }

      /** Sets the attention heads, at least 1; by default 12. */
      public Builder heads(int heads) {
        this.heads = heads;
        return this;
      }

      /** Sets the side of a patch in pixels of the lowest level, at least 1; by default 2. */
      public Builder patch(int patch) {
        this.patch = patch;
        return this;
      }

      /**
       * Sets the width of a convolution over patches before attention and feed-forward, odd and at
       * most {@link ShortConvolution#WIDEST}; by default 0, none.
       */
      public Builder shortConvolution(int shortConvolution) {
        this.shortConvolution = shortConvolution;
        return this;
      }

      /**
       * Builds the transformer.
       *
       * @throws IllegalArgumentException if a value is out of its range
       */
      public Transformer build() {
        return new Transformer(layers, width, heads, patch, shortConvolution);
      }
    }
  }
}
