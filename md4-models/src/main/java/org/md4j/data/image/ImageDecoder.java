package org.md4j.data.image;

import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes JPEG and PNG by their content, whatever the file is called.
 *
 * <p>Grey becomes three equal colours; 16 bits a colour become 8, rounded to the nearest;
 * transparency, embedded colour profiles and orientation tags are left out of account, as the
 * Python libraries do that published sets were made with. Values are taken from the raster: Java's
 * own conversion takes grey for linear light and would brighten it. Four inks become colours by the
 * usual product, (255 - cyan) * (255 - black) / 255.
 */
final class ImageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(ImageDecoder.class);

  /** Bytes that decoding takes a pixel, of 16 bits a colour and opacity, besides its colours. */
  private static final int BYTES_A_PIXEL = 8 + Pixels.COLOURS;

  /** The share of the heap that a strip of a large image may take. */
  private static final int SHARE = 4;

  /** The share of the heap that decoding on all processors may take besides. */
  private static final int SHARE_OF_ALL = 2;

  /** Held by who decodes an image of more than its processor's share, one at a time. */
  private static final Object LARGE = new Object();

  private ImageDecoder() {}

  /**
   * Decodes one file whole.
   *
   * @throws IOException if it is neither JPEG nor PNG, damaged or cut off, or too large for the
   *     heap; says which
   */
  static Pixels decode(byte[] file) throws IOException {
    EncodedImage image = new EncodedImage(file);
    return pixels(image, new Rectangle(image.width(), image.height()));
  }

  /**
   * Decodes an image and gives it the size that is wanted; if it is resized and large, in strips of
   * rows, so that what it takes of the heap does not grow with it. The readers of the platform
   * begin at the top for each strip, and keep a progressive JPEG whole outside the heap.
   *
   * @throws IOException as for {@link #decode(byte[])}
   */
  static Pixels decode(EncodedImage image, ImageGeometry geometry) throws IOException {
    if (!isLarge(image)) {
      try {
        return decode(image, geometry, Long.MAX_VALUE);
      } catch (EncodedImage.TooLarge e) {
        LOG.debug("decoded once more, alone", e);
      }
    }
    synchronized (LARGE) {
      return decode(image, geometry, mostPixels());
    }
  }

  /** As above, in strips of at most so many pixels, or one row. */
  static Pixels decode(EncodedImage image, ImageGeometry geometry, long mostPixels)
      throws IOException {
    Rectangle whole = new Rectangle(image.width(), image.height());
    if (!geometry.resizes() || (long) image.width() * image.height() <= mostPixels) {
      return geometry.apply(pixels(image, whole));
    }
    Rectangle square = ImageGeometry.square(image.height(), image.width());
    AreaAverage average = new AreaAverage(square.width, geometry.height());
    for (Rectangle strip : strips(square, mostPixels)) {
      byte[] rgb = pixels(image, strip).rgb();
      for (int y = 0; y < strip.height; y++) {
        average.add(strip.y - square.y + y, rgb, y * square.width * Pixels.COLOURS);
      }
    }
    pixels(image, new Rectangle(0, image.height() - 1, 1, 1)); // Is it whole below the square, too?
    return average.result();
  }

  /**
   * Decodes all of a file, in strips where {@link #decode(EncodedImage, ImageGeometry)} would, and
   * keeps nothing.
   *
   * @return what was decoded
   * @throws IOException as for {@link #decode(byte[])}
   */
  static EncodedImage check(byte[] file, ImageGeometry geometry) throws IOException {
    EncodedImage image = new EncodedImage(file);
    Rectangle whole = new Rectangle(image.width(), image.height());
    if (!isLarge(image)) {
      try {
        pixels(image, whole);
        return image;
      } catch (EncodedImage.TooLarge e) {
        LOG.debug("decoded once more, alone", e);
      }
    }
    synchronized (LARGE) {
      for (Rectangle strip : strips(whole, geometry.resizes() ? mostPixels() : Long.MAX_VALUE)) {
        pixels(image, strip);
      }
    }
    return image;
  }

  private static boolean isLarge(EncodedImage image) {
    Runtime machine = Runtime.getRuntime();
    long bytes = machine.maxMemory() / ((long) SHARE_OF_ALL * machine.availableProcessors());
    return (long) image.height() * image.width() > bytes / BYTES_A_PIXEL;
  }

  /** The most pixels to decode at a time. */
  private static long mostPixels() {
    return Runtime.getRuntime().maxMemory() / (SHARE * BYTES_A_PIXEL);
  }

  private static List<Rectangle> strips(Rectangle all, long mostPixels) {
    int rows = (int) Math.max(1, Math.min(all.height, mostPixels / all.width));
    List<Rectangle> strips = new ArrayList<>();
    for (int y = 0; y < all.height; y += rows) {
      strips.add(new Rectangle(all.x, all.y + y, all.width, Math.min(rows, all.height - y)));
    }
    return strips;
  }

  /**
   * Decodes how opaque the pixels of an image are.
   *
   * @return [height][width] in 0..255; empty if the file says nothing of that
   * @throws IOException as for {@link #decode(byte[])}
   */
  static Optional<int[][]> opacity(EncodedImage encoded) throws IOException {
    BufferedImage image = encoded.decode(new Rectangle(encoded.width(), encoded.height()));
    if (!image.getColorModel().hasAlpha()) {
      return Optional.empty();
    }
    int[][] opacity = new int[image.getHeight()][image.getWidth()];
    for (int y = 0; y < opacity.length; y++) {
      for (int x = 0; x < opacity[y].length; x++) {
        opacity[y][x] = image.getRGB(x, y) >>> 24;
      }
    }
    return Optional.of(opacity);
  }

  private static Pixels pixels(EncodedImage image, Rectangle part) throws IOException {
    try {
      return pixels(image.decode(part));
    } catch (OutOfMemoryError e) {
      throw image.tooLarge(e);
    } catch (RuntimeException e) { // A palette without the colour of a damaged pixel.
      throw new IOException("it is damaged", e);
    }
  }

  private static Pixels pixels(BufferedImage image) throws IOException {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int height = raster.getHeight();
    int width = raster.getWidth();
    byte[] rgb = new byte[height * width * Pixels.COLOURS];
    int bands = raster.getNumBands();
    int[] line = new int[width * bands];
    if (model instanceof IndexColorModel palette) {
      for (int y = 0; y < height; y++) {
        raster.getPixels(0, y, width, 1, line);
        for (int x = 0; x < width; x++) {
          int colour = palette.getRGB(line[x]);
          int at = (y * width + x) * Pixels.COLOURS;
          rgb[at] = (byte) (colour >> 16);
          rgb[at + 1] = (byte) (colour >> 8);
          rgb[at + 2] = (byte) colour;
        }
      }
      return new Pixels(height, width, rgb);
    }
    int space = model.getColorSpace().getType();
    if (space != ColorSpace.TYPE_GRAY && space != ColorSpace.TYPE_RGB) {
      throw new IOException("its colours are neither grey nor red, green and blue");
    }
    int step = space == ColorSpace.TYPE_GRAY ? 0 : 1;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, line);
      for (int x = 0; x < width; x++) {
        for (int k = 0; k < Pixels.COLOURS; k++) {
          int band = k * step;
          rgb[(y * width + x) * Pixels.COLOURS + k] =
              eightBits(line[x * bands + band], model.getComponentSize(band));
        }
      }
    }
    return new Pixels(height, width, rgb);
  }

  private static byte eightBits(int value, int bits) {
    if (bits == 8) {
      return (byte) value;
    }
    int most = (1 << bits) - 1;
    return (byte) ((value * 255L + most / 2) / most);
  }
}
