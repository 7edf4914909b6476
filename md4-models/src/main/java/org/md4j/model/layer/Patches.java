package org.md4j.model.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Turns images [B, HW, C] into rows of patches of p x p pixels, [B T, p p C], and back: T = (H/p)
 * (W/p) patches row by row, and within a patch its pixels row by row, channels innermost.
 *
 * <p>p pixels of a row lie beside each other in both, so each way is one gather of rows of p C
 * numbers.
 */
final class Patches {
  private final int height;
  private final int width;
  private final int channels;
  private final int patch;

  private final Recent<Long, Directions> recent = new Recent<>(Buffers.RECENT);

  private record Directions(INDArray toPatches, INDArray toPixels) {}

  Patches(int height, int width, int channels, int patch) {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.patch = patch;
  }

  /**
   * Checks the sizes of images in patches.
   *
   * @throws IllegalArgumentException if a size is not positive or patch does not divide height and
   *     width
   */
  static void requireSizes(int height, int width, int channels, int patch) {
    requirePositive("height", height);
    requirePositive("width", width);
    requirePositive("channels", channels);
    requirePositive("patch", patch);
    if (height % patch != 0 || width % patch != 0) {
      throw new IllegalArgumentException(
          "patch (%d) must divide height and width, got %d x %d".formatted(patch, height, width));
    }
  }

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " (" + value + ") must be at least 1");
    }
  }

  static void requireConditioning(int conditioningWidth) {
    if (conditioningWidth < 1) {
      throw new IllegalArgumentException(
          "conditioningWidth ("
              + conditioningWidth
              + ") must be at least 1: a transformer over patches needs a time or a class");
    }
  }

  static void requireDropout(double dropout) {
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout (" + dropout + ") must be in [0, 1)");
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
   * @param pixels images, B H W C numbers in c order
   * @param patches [B T, p p C]
   */
  void toPatches(INDArray pixels, INDArray patches) {
    Operations.gatherRows(runs(pixels), directions(patches.length()).toPatches(), runs(patches));
  }

  /** Turns patches into images, the inverse of {@link #toPatches}. */
  void toPixels(INDArray patches, INDArray pixels) {
    Operations.gatherRows(runs(patches), directions(patches.length()).toPixels(), runs(pixels));
  }

  private INDArray runs(INDArray array) {
    long run = (long) patch * channels;
    return array.reshape('c', array.length() / run, run);
  }

  private Directions directions(long cells) {
    return recent.computeIfAbsent(cells / ((long) height * width * channels), this::indices);
  }

  private Directions indices(long batch) {
    int across = width / patch;
    int runs = height * across;
    int[] toPatches = new int[Math.toIntExact(batch * runs)];
    int[] toPixels = new int[toPatches.length];
    for (int i = 0; i < toPatches.length; i++) {
      int example = i / runs;
      int tile = i % runs / patch;
      int y = tile / across * patch + i % patch;
      int source = example * runs + y * across + tile % across;
      toPatches[i] = source;
      toPixels[source] = i;
    }
    return new Directions(Nd4j.createFromArray(toPatches), Nd4j.createFromArray(toPixels));
  }
}
