package org.md4j.data.image;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.md4j.file.FailureText;

/**
 * A JPEG or PNG of which any part can be decoded. Its size is known from the header, and is one
 * that so many bytes can hold.
 */
final class EncodedImage {
  private static final int MOST_PIXELS = 1 << 28;

  /** The bytes that one byte of the packing of PNG can stand for, at most. */
  private static final int MOST_UNPACKED = 1032;

  /** The pixels that one byte of JPEG can stand for: eight blocks, told of by a bit each. */
  private static final int MOST_PIXELS_A_BYTE = 512;

  private static final int PNG_BITS = 24;
  private static final int PNG_COLOURS = 25;

  private final byte[] file;
  private final ImageContent content;
  private final int height;
  private final int width;

  /**
   * Reads the header.
   *
   * @throws IOException if the file is neither JPEG nor PNG, or damaged; says which
   */
  EncodedImage(byte[] file) throws IOException {
    this.file = JpegProfile.without(file);
    this.content = ImageContent.of(file);
    if (content != ImageContent.PNG && content != ImageContent.JPEG) {
      throw new IOException(content.refusal());
    }
    int[] size = use(reader -> new int[] {reader.getHeight(0), reader.getWidth(0)});
    this.height = size[0];
    this.width = size[1];
    if ((long) height * width > MOST_PIXELS) {
      throw new IOException(
          "it has %dx%d pixels, more than the %d that are read"
              .formatted(height, width, MOST_PIXELS));
    }
    if ((long) height * width > mostPixels()) {
      throw new IOException(
          "it says it has %dx%d pixels, which %d bytes cannot hold"
              .formatted(height, width, file.length));
    }
  }

  /** The most pixels that so long a file can have. */
  private long mostPixels() {
    if (content == ImageContent.JPEG) {
      return (long) MOST_PIXELS_A_BYTE * file.length;
    }
    int samples =
        switch (file[PNG_COLOURS]) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    return (long) MOST_UNPACKED
        * file.length
        * Byte.SIZE
        / ((long) samples * Math.max(1, file[PNG_BITS]));
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /**
   * Decodes a part.
   *
   * @throws IOException if the file is damaged or cut off, or the part does not fit the heap
   */
  BufferedImage decode(Rectangle part) throws IOException {
    StringBuilder cutOff = new StringBuilder();
    BufferedImage image =
        use(
            reader -> {
              reader.addIIOReadWarningListener(
                  (source, warning) -> {
                    if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
                      cutOff.append(warning);
                    }
                  });
              ImageReadParam parameters = reader.getDefaultReadParam();
              parameters.setSourceRegion(part);
              return reader.read(0, parameters);
            });
    if (cutOff.length() > 0) {
      throw new IOException("it is cut off");
    }
    // The reader of lossless JPEG gives all of it, whatever part is asked for.
    return image.getWidth() == part.width && image.getHeight() == part.height
        ? image
        : image.getSubimage(part.x, part.y, part.width, part.height);
  }

  /** The heap has no room for a part now. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    TooLarge(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Something that a reader of the platform tells of the file. */
  private interface Use<T> {
    T of(ImageReader reader) throws IOException;
  }

  private <T> T use(Use<T> use) throws IOException {
    ImageReader reader = reader();
    try (MemoryCacheImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(stream, true, true);
      return use.of(reader);
    } catch (OutOfMemoryError e) {
      throw tooLarge(e);
    } catch (IOException e) {
      throw isOfMemory(e) ? tooLarge(e) : new IOException(FailureText.reason(e), e);
    } catch (RuntimeException e) {
      // The readers of the platform meet damaged files with whatever their parsing trips over.
      throw new IOException("it is damaged", e);
    } finally {
      reader.dispose();
    }
  }

  private static boolean isOfMemory(Throwable failure) {
    return Stream.<Throwable>iterate(failure, e -> e != null, Throwable::getCause)
        .anyMatch(OutOfMemoryError.class::isInstance);
  }

  /** What is thrown where the heap is too small for a part. */
  TooLarge tooLarge(Throwable cause) {
    return new TooLarge(
        String.format(
            Locale.ROOT,
            "its %,dx%,d pixels need more than the Java heap of %,d MB: give Java more by -Xmx"
                + " (md4: MD4_JAVA_OPTIONS=-Xmx...)",
            height,
            width,
            Runtime.getRuntime().maxMemory() >> 20),
        cause);
  }

  private ImageReader reader() {
    String format = content.readerName();
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IllegalStateException("this Java platform has no reader of " + format);
    }
    return readers.next();
  }
}
