package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.md4j.data.DataException;

/**
 * The header of a NumPy array file.
 *
 * @param type such as {@code |u1} or {@code <i8}
 * @param shape of the array, in C order
 * @param length bytes of the header, after which the elements follow
 */
record NpyHeader(String type, List<Integer> shape, int length) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST = 1 << 16;
  private static final int MOST_SHOWN = 200;
  private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order':\\s*True");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([\\d,\\s]*)\\)");

  static NpyHeader read(FilePart file) {
    ByteBuffer start = ByteBuffer.wrap(file.read(0, 12)).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < MAGIC.length; i++) {
      if (start.get(i) != MAGIC[i]) {
        throw new DataException(file.name() + " must be a NumPy array");
      }
    }
    boolean first = start.get(6) == 1;
    int begin = first ? 10 : 12;
    int count = first ? start.getShort(8) & 0xFFFF : start.getInt(8);
    if (count < 0 || count > MOST) {
      throw new DataException(
          "%s must have a header of at most %d bytes, got %d".formatted(file.name(), MOST, count));
    }
    String text = new String(file.read(begin, count), ISO_8859_1);
    Matcher type = TYPE.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (!type.find() || !shape.find() || FORTRAN.matcher(text).find()) {
      throw new DataException(
          "%s must be a NumPy array of numbers in C order, got %s"
              .formatted(file.name(), shortened(text.strip())));
    }
    List<Integer> sizes = new ArrayList<>();
    for (String size : shape.group(1).split(",", -1)) {
      if (!size.isBlank()) {
        sizes.add(size(file, size.strip()));
      }
    }
    NpyHeader header = new NpyHeader(type.group(1), List.copyOf(sizes), begin + count);
    try {
      header.checkSize(file);
    } catch (ArithmeticException e) {
      throw new DataException(
          "%s must have fewer elements, got a shape of %s".formatted(file.name(), sizes), e);
    }
    return header;
  }

  private static String shortened(String text) {
    return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
  }

  private static int size(FilePart file, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new DataException(
          "%s must have sizes that fit an int, got %s".formatted(file.name(), text), e);
    }
  }

  private void checkSize(FilePart file) {
    long elements = 1;
    for (int size : shape) {
      elements = Math.multiplyExact(elements, (long) size);
    }
    columns();
    if (file.size() - length < Math.multiplyExact(elements, (long) width(file))) {
      throw new DataException(
          "%s must have %d elements of %s, got %d bytes: is it whole?"
              .formatted(file.name(), elements, type, file.size() - length));
    }
  }

  /** Size of the first dimension. */
  int rows() {
    return shape.isEmpty() ? 1 : shape.get(0);
  }

  /** Elements of a row. */
  int columns() {
    return shape.stream().skip(1).reduce(1, Math::multiplyExact);
  }

  /** Whole numbers of any width. */
  long[] integers(FilePart file) {
    int width = width(file);
    long size = (long) rows() * columns() * width;
    if (size > Integer.MAX_VALUE) {
      throw new DataException(
          "%s must have at most %d bytes of numbers, got %d"
              .formatted(file.name(), Integer.MAX_VALUE, size));
    }
    int count = (int) (size / width);
    ByteBuffer bytes =
        ByteBuffer.wrap(file.read(length, (int) size))
            .order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] =
          switch (width) {
            case 1 -> bytes.get() & 0xFF;
            case 2 -> bytes.getShort();
            case 4 -> bytes.getInt();
            default -> bytes.getLong();
          };
    }
    return numbers;
  }

  private int width(FilePart file) {
    return switch (type.substring(Math.min(1, type.length()))) {
      case "u1", "i1" -> 1;
      case "u2", "i2" -> 2;
      case "u4", "i4" -> 4;
      case "u8", "i8" -> 8;
      default ->
          throw new DataException(
              "%s must be an array of whole numbers, got %s".formatted(file.name(), type));
    };
  }
}
