package org.md4j.data.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

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
  private static final int MAXIMUM_PIXELS = 1 << 28;

  private ImageDecoder() {}

  /**
   * Decodes one file.
   *
   * @throws IOException if it is neither JPEG nor PNG, or damaged or cut off; says which
   */
  static Pixels decode(byte[] file) throws IOException {
    try {
      return pixels(read(file));
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  /**
   * Decodes how opaque the pixels of one file are.
   *
   * @return [height][width] in 0..255; empty if the file says nothing of that
   * @throws IOException as for {@link #decode}
   */
  static Optional<int[][]> opacity(byte[] file) throws IOException {
    BufferedImage image = read(file);
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

  /** The readers of the platform meet damaged files with whatever their parsing trips over. */
  private static IOException damaged(RuntimeException e) {
    return new IOException("it is damaged (" + e + ")", e);
  }

  private static BufferedImage read(byte[] file) throws IOException {
    ImageReader reader = reader(file);
    try (MemoryCacheImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(JpegProfile.without(file)))) {
      reader.setInput(stream, true, true);
      if ((long) reader.getWidth(0) * reader.getHeight(0) > MAXIMUM_PIXELS) {
        throw new IOException(
            "it says it has %dx%d pixels".formatted(reader.getHeight(0), reader.getWidth(0)));
      }
      StringBuilder cutOff = new StringBuilder();
      reader.addIIOReadWarningListener(
          (source, warning) -> {
            if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
              cutOff.append(warning);
            }
          });
      BufferedImage image = reader.read(0);
      if (cutOff.length() > 0) {
        throw new IOException("it is cut off");
      }
      return image;
    } catch (RuntimeException e) {
      throw damaged(e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader reader(byte[] file) throws IOException {
    ImageContent content = ImageContent.of(file);
    if (content != ImageContent.PNG && content != ImageContent.JPEG) {
      throw new IOException(content.refusal());
    }
    String format = content.readerName();
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IllegalStateException("this Java platform has no reader of " + format);
    }
    return readers.next();
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
