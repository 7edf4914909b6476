package org.md4j.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.md4j.data.DataException;

/** One picture of a JPEG or PNG file, for what needs no set. */
public final class ImageFile {
  private ImageFile() {}

  /**
   * Reads a picture.
   *
   * @param file JPEG or PNG, by its content
   * @param shape it must have after {@code geometry}; of one colour only if red, green and blue are
   *     equal everywhere
   * @param geometry applied to what was read
   * @return [N] values in 0..255, laid out as {@link ImageShape} says
   * @throws DataException if it is missing, cannot be read, or has another shape
   */
  public static int[] read(Path file, ImageShape shape, ImageGeometry geometry) {
    Pixels pixels = geometry.apply(decode(file));
    if (pixels.height() != shape.height() || pixels.width() != shape.width()) {
      throw new DataException(
          "%s must have %dx%d pixels, got %s"
              .formatted(file, shape.height(), shape.width(), pixels.size()));
    }
    byte[] rgb = pixels.rgb();
    int[] tokens = new int[shape.tokens()];
    int step = Pixels.COLOURS / shape.colours();
    for (int n = 0; n < tokens.length; n++) {
      tokens[n] = rgb[n * step] & 0xFF;
    }
    if (shape.colours() == 1) {
      requireGrey(file, rgb);
    }
    return tokens;
  }

  private static Pixels decode(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("picture (" + file + ") must be an existing file");
    }
    try {
      return ImageDecoder.decode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + StoredBytes.reason(e), e);
    }
  }

  private static void requireGrey(Path file, byte[] rgb) {
    for (int i = 0; i < rgb.length; i += Pixels.COLOURS) {
      if (rgb[i] != rgb[i + 1] || rgb[i] != rgb[i + 2]) {
        throw new DataException(
            "%s must be grey, got red, green and blue of %d, %d and %d in pixel %d"
                .formatted(
                    file, rgb[i] & 0xFF, rgb[i + 1] & 0xFF, rgb[i + 2] & 0xFF, i / Pixels.COLOURS));
      }
    }
  }
}
