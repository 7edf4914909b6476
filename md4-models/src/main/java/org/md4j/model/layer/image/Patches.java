package org.md4j.model.layer.image;

import org.md4j.compute.Compute;
import org.md4j.compute.Tensor;

/**
 * Turns images [B, HW, C] into rows of patches of p x p pixels, [B T, p p C], and back: T = (H/p)
 * (W/p) patches row by row, and within a patch its pixels row by row, channels innermost.
 *
 * <p>p pixels of a row lie beside each other in both, so each way is one copy of a view with the
 * rows of a patch and its place across exchanged.
 *
 * @param patch p, which divides H and W
 */
record Patches(int height, int width, int channels, int patch) {
  /** Rejects sizes that are not positive, and a patch that does not divide them. */
  Patches {
    Requirements.requirePositive("height", height);
    Requirements.requirePositive("width", width);
    Requirements.requirePositive("channels", channels);
    Requirements.requirePositive("patch", patch);
    if (height % patch != 0 || width % patch != 0) {
      throw new IllegalArgumentException(
          "patch (%d) must divide height and width, got %d x %d".formatted(patch, height, width));
    }
  }

  /** The number T of patches of an image. */
  int count() {
    return height / patch * (width / patch);
  }

  /** The width p p C of a patch's row. */
  int patchWidth() {
    return patch * patch * channels;
  }

  /**
   * Turns images into patches.
   *
   * @param pixels images [B, HW, C]
   * @param patches [B T, p p C]
   */
  void toPatches(Compute compute, Tensor pixels, Tensor patches) {
    compute.copy(byPatch(pixels), rows(patches));
  }

  /** Turns patches into images, the inverse of {@link #toPatches}. */
  void toPixels(Compute compute, Tensor patches, Tensor pixels) {
    compute.copy(rows(patches), byPatch(pixels));
  }

  /** Pixels as [B, H/p, W/p, p, p C], strided. */
  private Tensor byPatch(Tensor pixels) {
    return pixels
        .reshape(
            pixels.length() / ((long) height * width * channels),
            height / patch,
            patch,
            width / patch,
            (long) patch * channels)
        .permute(0, 1, 3, 2, 4);
  }

  /** Patches as [B, H/p, W/p, p, p C]. */
  private Tensor rows(Tensor patches) {
    return patches.reshape(
        patches.length() / ((long) height * width * channels),
        height / patch,
        width / patch,
        patch,
        (long) patch * channels);
  }
}
