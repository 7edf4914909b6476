package org.md4j.quality;

import org.md4j.core.RowSource;
import org.md4j.core.Uniforms;

/**
 * The task of the classifier: to tell the labels of the images where they have some, else by which
 * of four quarter turns a square image was rotated.
 */
record ClassifierTask(RowSource source, int height, int width, int colours) {
  private static final int TURNS = 4;

  ClassifierTask {
    if (source.length() != height * width * colours) {
      throw new IllegalArgumentException(
          "images of %s must have N = %d * %d * %d tokens, got %d"
              .formatted(source.name(), height, width, colours, source.length()));
    }
    if (source.classes() < 2 && height != width) {
      throw new IllegalArgumentException(
          "height (%d) must be width (%d) to learn rotations, and %s has no labels"
              .formatted(height, width, source.name()));
    }
  }

  boolean labelled() {
    return source.classes() > 1;
  }

  int classes() {
    return labelled() ? source.classes() : TURNS;
  }

  /**
   * Writes one example and returns its class.
   *
   * @param uniform random number in [0, 1) that chooses the rotation
   */
  int example(long index, double uniform, int[] into) {
    source.row(index, into);
    if (labelled()) {
      return source.label(index);
    }
    int turns = (int) (uniform * TURNS);
    for (int turn = 0; turn < turns; turn++) {
      rotateInPlace(into);
    }
    return turns;
  }

  /** Fills a batch with drawn examples; returns their classes. */
  int[] draw(Uniforms uniforms, int[][] into) {
    int[] labels = new int[into.length];
    for (int b = 0; b < labels.length; b++) {
      labels[b] = example((long) (uniforms.at(b, 0) * source.size()), uniforms.at(b, 1), into[b]);
    }
    return labels;
  }

  /** Turns an image by a quarter to the left. */
  private void rotateInPlace(int[] tokens) {
    int[] before = tokens.clone();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int k = 0; k < colours; k++) {
          tokens[((width - 1 - x) * width + y) * colours + k] =
              before[(y * width + x) * colours + k];
        }
      }
    }
  }
}
