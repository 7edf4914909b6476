package org.md4j.data.image;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Takes embedded colour profiles out of JPEG files, by which the reader would otherwise convert the
 * stored values.
 */
final class JpegProfile {
  private static final int MARKER = 0xFF;
  private static final int FIRST_SEGMENT = 2;
  private static final int APPLICATION_2 = 0xE2;
  private static final int START_OF_SCAN = 0xDA;
  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(US_ASCII);

  private JpegProfile() {}

  /** The file without its profile; itself if it has none or is no JPEG. */
  static byte[] without(byte[] file) {
    if (file.length < FIRST_SEGMENT || byteAt(file, 0) != MARKER || byteAt(file, 1) != 0xD8) {
      return file;
    }
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
    kept.write(file, 0, FIRST_SEGMENT);
    int at = FIRST_SEGMENT;
    while (at + 4 <= file.length
        && byteAt(file, at) == MARKER
        && byteAt(file, at + 1) >= 0xC0
        && byteAt(file, at + 1) != START_OF_SCAN) {
      int length = 2 + (byteAt(file, at + 2) << 8) + byteAt(file, at + 3);
      if (length < 4 || at + length > file.length) {
        break;
      }
      if (!isProfile(file, at)) {
        kept.write(file, at, length);
      }
      at += length;
    }
    kept.write(file, at, file.length - at);
    return kept.size() == file.length ? file : kept.toByteArray();
  }

  private static boolean isProfile(byte[] file, int at) {
    int begin = at + 4;
    int end = begin + PROFILE.length;
    return byteAt(file, at + 1) == APPLICATION_2
        && end <= file.length
        && Arrays.equals(file, begin, end, PROFILE, 0, PROFILE.length);
  }

  private static int byteAt(byte[] file, int at) {
    return file[at] & 0xFF;
  }
}
