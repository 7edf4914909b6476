package org.md4j.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * Reads IDX files of bytes, the form MNIST and Fashion-MNIST are published in: grey images in one
 * file, their labels in another.
 *
 * <p>The SHA-256 is that of the unpacked image file, or with labels that of the two lines that
 * {@code sha256sum} prints of the unpacked files, under the names without {@code .gz}.
 */
public final class IdxImages {
  private static final int BYTES_OF_3 = 0x0803;
  private static final int BYTES_OF_1 = 0x0801;
  private static final int IMAGE_HEADER = 16;
  private static final int LABEL_HEADER = 8;

  private IdxImages() {}

  /**
   * Opens a set.
   *
   * @param images such as {@code train-images-idx3-ubyte}, or with {@code .gz}
   * @param labels such as {@code train-labels-idx1-ubyte}, or with {@code .gz}; null for none
   * @throws DataException if a file is missing, damaged or not IDX, or the two do not belong
   *     together
   */
  public static ImageSource read(Path images, @Nullable Path labels) {
    return read(
        () -> StoredBytes.open(images),
        labels == null ? null : () -> StoredBytes.open(labels),
        null);
  }

  /**
   * Opens a set packed by gzip.
   *
   * @param name what it is called in reports and errors; in the SHA-256 it stands for the names of
   *     the files
   * @param classNames what classes 0, 1, ... are called
   * @param images the image file, read to its end, not closed
   * @param labels the label file, read to its end, not closed
   * @throws DataException as {@link #read(Path, Path)}, and if there are more classes than names
   */
  public static ImageSource read(
      String name, List<String> classNames, InputStream images, InputStream labels) {
    return read(() -> unpacked(name, images), () -> unpacked(name + " labels", labels), classNames);
  }

  private static StoredBytes unpacked(String name, InputStream packed) {
    try {
      return StoredBytes.unpack(name, new GZIPInputStream(packed));
    } catch (IOException e) {
      throw new DataException(name + " cannot be read to its end: " + FailureText.reason(e), e);
    }
  }

  private static ImageSource read(
      Supplier<StoredBytes> images,
      @Nullable Supplier<StoredBytes> labels,
      @Nullable List<String> classNames) {
    StoredBytes pixels = images.get();
    try {
      ByteBuffer header = header(pixels, IMAGE_HEADER, BYTES_OF_3, "images");
      int count = header.getInt(4);
      int height = header.getInt(8);
      int width = header.getInt(12);
      if (height < 1 || width < 1 || (long) height * width > Integer.MAX_VALUE) {
        throw new DataException(
            "%s must hold images of at least 1x1 and at most %d pixels, got %dx%d: is it damaged?"
                .formatted(pixels.name(), Integer.MAX_VALUE, height, width));
      }
      ImageShape shape = new ImageShape(height, width, 1);
      checkSize(pixels, IMAGE_HEADER + (long) count * shape.tokens());
      String name = withoutGz(pixels.name());
      if (labels == null) {
        return source(name, shape, pixels, count, new short[0], List.of(), pixels.sha256());
      }
      try (StoredBytes classes = labels.get()) {
        short[] numbers = labels(classes);
        Sha256 sha256 = new Sha256();
        sha256.addFile(name, pixels.sha256());
        sha256.addFile(withoutGz(classes.name()), classes.sha256());
        List<String> names = classNames == null ? numbered(numbers) : classNames;
        return source(name, shape, pixels, count, numbers, names, sha256.hex());
      }
    } catch (DataException e) {
      pixels.close();
      throw e;
    }
  }

  private static ImageSource source(
      String name,
      ImageShape shape,
      StoredBytes pixels,
      int count,
      short[] labels,
      List<String> classNames,
      String sha256) {
    RecordImages.Part part =
        new RecordImages.Part(pixels, IMAGE_HEADER, shape.tokens(), count, labels);
    return new RecordImages(name, shape, false, List.of(part), classNames, sha256);
  }

  private static List<String> numbered(short[] labels) {
    int classes = 0;
    for (short label : labels) {
      classes = Math.max(classes, label + 1);
    }
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  private static short[] labels(StoredBytes file) {
    int count = header(file, LABEL_HEADER, BYTES_OF_1, "labels").getInt(4);
    checkSize(file, LABEL_HEADER + (long) count);
    byte[] bytes = file.read(LABEL_HEADER, count);
    short[] labels = new short[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (short) (bytes[i] & 0xFF);
    }
    return labels;
  }

  private static ByteBuffer header(StoredBytes file, int length, int magic, String what) {
    if (file.size() < length) {
      throw new DataException(
          "%s must be an IDX file of %s, got %d bytes".formatted(file.name(), what, file.size()));
    }
    ByteBuffer header = ByteBuffer.wrap(file.read(0, length));
    if (header.getInt(0) != magic) {
      throw new DataException(
          "%s must be an IDX file of %s and begin with 0x%08X, got 0x%08X"
              .formatted(file.name(), what, magic, header.getInt(0)));
    }
    return header;
  }

  private static void checkSize(StoredBytes file, long expected) {
    if (file.size() != expected) {
      throw new DataException(
          "%s must have the %d bytes its header says, got %d: is it whole?"
              .formatted(file.name(), expected, file.size()));
    }
  }

  private static String withoutGz(String name) {
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }
}
