package org.md4j.data.image;

import org.md4j.core.Checks;
import org.md4j.data.DataException;

/** A set whose images are cropped and resized when they are asked for. */
final class ResizedImages extends ImageView {
  private final ImageGeometry geometry;
  private final ImageShape shape;

  private ResizedImages(ImageSource all, ImageGeometry geometry) {
    super(all);
    this.geometry = geometry;
    this.shape = new ImageShape(geometry.height(), geometry.width(), all.shape().colours());
  }

  /**
   * A set as a geometry wants it; itself if it is so already, else it is closed with the result.
   *
   * @throws DataException if it has another size and the geometry does not resize
   */
  static ImageSource of(ImageSource all, ImageGeometry geometry) {
    boolean fits =
        geometry.height() == 0
            || (geometry.height() == all.shape().height()
                && geometry.width() == all.shape().width());
    if (fits) {
      return all;
    }
    if (!geometry.resizes()) {
      throw new DataException(
          "%s: every image must be %dx%d, got %dx%d: crop and resize them"
              .formatted(
                  all.name(),
                  geometry.height(),
                  geometry.width(),
                  all.shape().height(),
                  all.shape().width()));
    }
    return new ResizedImages(all, geometry);
  }

  @Override
  public ImageShape shape() {
    return shape;
  }

  @Override
  public void row(long index, int[] into) {
    Checks.row(this, index, into);
    int[] tokens = new int[all().length()];
    all().row(index, tokens);
    int colours = shape.colours();
    int pixels = tokens.length / colours;
    byte[] rgb = new byte[pixels * Pixels.COLOURS];
    for (int p = 0; p < pixels; p++) {
      for (int k = 0; k < Pixels.COLOURS; k++) {
        rgb[p * Pixels.COLOURS + k] = (byte) tokens[p * colours + Math.min(k, colours - 1)];
      }
    }
    byte[] resized =
        geometry.apply(new Pixels(all().shape().height(), all().shape().width(), rgb)).rgb();
    for (int p = 0; p < shape.height() * shape.width(); p++) {
      for (int k = 0; k < colours; k++) {
        into[p * colours + k] = resized[p * Pixels.COLOURS + k] & 0xFF;
      }
    }
  }
}
