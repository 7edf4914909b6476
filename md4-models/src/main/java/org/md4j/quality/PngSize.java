package org.md4j.quality;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * The size of an image as a PNG file. Every line takes the one of PNG's five filters that leaves
 * the smallest sum of absolute differences, libpng's rule, and all lines are packed at zlib's level
 * 9. (Java's own writer uses no filter, which makes photographs about a bit a dimension dearer.)
 *
 * <p>Source: W3C, Portable Network Graphics (second edition), sections 9 (filters) and 12.8 (how to
 * choose them).
 *
 * @param height height of the images
 * @param width width of the images
 * @param colours colours of a pixel: 1 (grey) or 3
 * @param wholeFile true if all of the file counts, false for only the compressed data (the contents
 *     of its IDAT chunk); 57 bytes of the rest weigh much in a small image
 */
public record PngSize(int height, int width, int colours, boolean wholeFile) implements ImageCode {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int HEADER_BYTES = 13;
  private static final int FILTERS = 5;

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
    if (tokens.length != height * width * colours) {
      throw new IllegalArgumentException(
          "tokens must have shape [N] = [%d * %d * %d], got [%d]"
              .formatted(height, width, colours, tokens.length));
    }
    return Byte.SIZE * (double) (wholeFile ? file(tokens) : data(tokens)).length;
  }

  /** The file. */
  byte[] file(int[] tokens) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(SIGNATURE);
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES)
            .putInt(width)
            .putInt(height)
            .put((byte) Byte.SIZE)
            .put((byte) (colours == 1 ? 0 : 2))
            .array();
    writeChunk(file, "IHDR", header);
    writeChunk(file, "IDAT", data(tokens));
    writeChunk(file, "IEND", new byte[0]);
    return file.toByteArray();
  }

  private static void writeChunk(ByteArrayOutputStream file, String type, byte[] content) {
    byte[] typed =
        ByteBuffer.allocate(Integer.BYTES + content.length)
            .put(type.getBytes(StandardCharsets.US_ASCII))
            .put(content)
            .array();
    CRC32 checksum = new CRC32();
    checksum.update(typed);
    file.writeBytes(
        ByteBuffer.allocate(2 * Integer.BYTES + typed.length)
            .putInt(content.length)
            .put(typed)
            .putInt((int) checksum.getValue())
            .array());
  }

  /** All lines filtered, each with the number of its filter before it, and packed. */
  private byte[] data(int[] tokens) {
    int line = width * colours;
    byte[] filtered = new byte[height * (1 + line)];
    byte[] candidate = new byte[line];
    for (int y = 0; y < height; y++) {
      int at = y * (1 + line);
      int smallest = Integer.MAX_VALUE;
      for (int filter = 0; filter < FILTERS; filter++) {
        int sum = 0;
        for (int i = 0; i < line; i++) {
          candidate[i] = (byte) (tokens[y * line + i] - predicted(filter, tokens, y, i));
          sum += Math.abs(candidate[i]);
        }
        if (sum < smallest) {
          smallest = sum;
          filtered[at] = (byte) filter;
          System.arraycopy(candidate, 0, filtered, at + 1, line);
        }
      }
    }
    return packed(filtered);
  }

  /** What a filter expects of byte i of line y. */
  private int predicted(int filter, int[] tokens, int y, int i) {
    int line = width * colours;
    int place = y * line + i;
    int left = i < colours ? 0 : tokens[place - colours];
    int above = y == 0 ? 0 : tokens[place - line];
    int aboveLeft = i < colours || y == 0 ? 0 : tokens[place - line - colours];
    return switch (filter) {
      case 0 -> 0;
      case 1 -> left;
      case 2 -> above;
      case 3 -> (left + above) / 2;
      default -> nearest(left, above, aboveLeft);
    };
  }

  /** Paeth's predictor: which of three neighbours is nearest to where a plane through them is. */
  private static int nearest(int left, int above, int aboveLeft) {
    int plane = left + above - aboveLeft;
    int toLeft = Math.abs(plane - left);
    int toAbove = Math.abs(plane - above);
    int toAboveLeft = Math.abs(plane - aboveLeft);
    if (toLeft <= toAbove && toLeft <= toAboveLeft) {
      return left;
    }
    return toAbove <= toAboveLeft ? above : aboveLeft;
  }

  private static byte[] packed(byte[] lines) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setStrategy(Deflater.FILTERED);
      deflater.setInput(lines);
      deflater.finish();
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      byte[] piece = new byte[1 << 13];
      while (!deflater.finished()) {
        packed.write(piece, 0, deflater.deflate(piece));
      }
      return packed.toByteArray();
    } finally {
      deflater.end();
    }
  }
}
