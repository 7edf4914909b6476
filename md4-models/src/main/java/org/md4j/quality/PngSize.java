package org.md4j.quality;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * The size of an image as a PNG file, written by Java's own writer at its highest compression.
 *
 * @param height height of the images
 * @param width width of the images
 * @param colours colours of a pixel: 1 (grey) or 3
 * @param wholeFile true if all of the file counts, false for only the compressed data (the contents
 *     of its IDAT chunks); about 60 bytes of the rest weigh much in a small image
 */
public record PngSize(int height, int width, int colours, boolean wholeFile) implements ImageCode {
  private static final int SIGNATURE = 8;

  /** The bytes of length, type and checksum of a chunk. */
  private static final int CHUNK_FRAME = 12;

  /** Checks the shape. */
  public PngSize {
    if (height < 1 || width < 1 || (colours != 1 && colours != 3)) {
      throw new IllegalArgumentException(
          "height (%d) and width (%d) must be at least 1, colours (%d) must be 1 or 3"
              .formatted(height, width, colours));
    }
  }

  @Override
  public String name() {
    return wholeFile ? "PNG files" : "PNG data";
  }

  @Override
  public double bits(int[] tokens) {
    byte[] file = file(tokens);
    return Byte.SIZE * (double) (wholeFile ? file.length : dataLength(file));
  }

  private byte[] file(int[] tokens) {
    if (tokens.length != height * width * colours) {
      throw new IllegalArgumentException(
          "tokens must have shape [N] = [%d * %d * %d], got [%d]"
              .formatted(height, width, colours, tokens.length));
    }
    BufferedImage image =
        new BufferedImage(
            width,
            height,
            colours == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    image.getRaster().setPixels(0, 0, width, height, tokens);
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("png");
    ImageWriter writer = writers.next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam setting = writer.getDefaultWriteParam();
      if (setting.canWriteCompressed()) {
        setting.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        setting.setCompressionType(setting.getCompressionTypes()[0]);
        setting.setCompressionQuality(0);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), setting);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static int dataLength(byte[] file) {
    ByteBuffer chunks = ByteBuffer.wrap(file);
    int sum = 0;
    int place = SIGNATURE;
    while (place < file.length) {
      int length = chunks.getInt(place);
      String type = new String(file, place + Integer.BYTES, 4, StandardCharsets.US_ASCII);
      if (type.toUpperCase(Locale.ROOT).equals("IDAT")) {
        sum += length;
      }
      place += CHUNK_FRAME + length;
    }
    return sum;
  }
}
