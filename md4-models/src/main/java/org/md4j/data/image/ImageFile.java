package org.md4j.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.md4j.core.TokenBatch;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/** Reads one image of a JPEG or PNG file, and writes images as PNG files. */
public final class ImageFile {
  private ImageFile() {}

  /**
   * Reads an image.
   *
   * @param file JPEG or PNG, by its content
   * @param shape it must have after {@code geometry}; of one colour only if red, green and blue are
   *     equal everywhere
   * @param geometry applied to what was read
   * @return [N] values in 0..255, laid out as {@link ImageShape} says
   * @throws DataException if it is missing, cannot be read, or has another shape
   */
  public static int[] read(Path file, ImageShape shape, ImageGeometry geometry) {
    byte[] rgb =
        decoded(
            file,
            image -> {
              if (geometry.resizes()) {
                requireSize(file, shape, geometry.height(), geometry.width());
              } else {
                requireSize(file, shape, image.height(), image.width());
              }
              return ImageDecoder.decode(image, geometry).rgb();
            });
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

  /**
   * Reads how opaque the pixels of an image are.
   *
   * @param file JPEG or PNG, by its content
   * @param shape whose height and width it must have
   * @return [H * W] in 0..255, 0 for what is transparent; empty if the file says nothing of that
   * @throws DataException if it is missing, cannot be read, or has another size
   */
  public static Optional<int[]> readOpacity(Path file, ImageShape shape) {
    return decoded(
            file,
            image -> {
              requireSize(file, shape, image.height(), image.width());
              return ImageDecoder.opacity(image);
            })
        .map(rows -> Arrays.stream(rows).flatMapToInt(Arrays::stream).toArray());
  }

  /**
   * Writes an image as a PNG file, a pixel a pixel.
   *
   * @param png overwritten if it exists
   * @param tokens [N], laid out as {@link ImageShape} says; a token above 255 is a mask, drawn as a
   *     medium grey
   * @throws IOException if the file cannot be written
   */
  public static void write(Path png, ImageShape shape, int[] tokens) throws IOException {
    ImagePainter painter = new ImagePainter(shape, shape.width(), shape.height());
    painter.paint(tokens, 0, 0, 1);
    ImagePainter.writePng(png, painter.image());
  }

  /**
   * Writes images as the PNG files {@code 00000.png}, {@code 00001.png} and so on.
   *
   * @param folder made if it does not exist
   * @param images [N] tokens each, as for {@link #write}
   * @throws IOException if a file cannot be written
   */
  public static void writeAll(Path folder, ImageShape shape, List<int[]> images)
      throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < images.size(); i++) {
      write(folder.resolve(String.format(Locale.ROOT, "%05d.png", i)), shape, images.get(i));
    }
  }

  /**
   * Writes drawn rows as the PNG files {@code 00000.png}, {@code 00001.png} and so on.
   *
   * @param folder made if it does not exist
   * @param images [B, N], masks allowed
   * @throws IOException if a file cannot be written
   */
  public static void writeAll(Path folder, ImageShape shape, TokenBatch images) throws IOException {
    writeAll(folder, shape, ImagePainter.rows(images));
  }

  private static void requireSize(Path file, ImageShape shape, int height, int width) {
    if (height != shape.height() || width != shape.width()) {
      throw new DataException(
          "%s must have %dx%d pixels, got %dx%d"
              .formatted(file, shape.height(), shape.width(), height, width));
    }
  }

  /** Takes something out of an image. */
  private interface Decoding<T> {
    T of(EncodedImage image) throws IOException;
  }

  private static <T> T decoded(Path file, Decoding<T> decoding) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("image (" + file + ") must be an existing file");
    }
    try {
      return decoding.of(new EncodedImage(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + FailureText.reason(e), e);
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
