package org.md4j.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.md4j.core.Sha256;

/** The bytes of a text without the line ends at its very end; hashes all that passes through. */
final class TextStream extends InputStream {
  private static final int CHUNK = 1 << 16;

  private final InputStream plain;
  private final Sha256 hash = new Sha256();
  private byte[] buffer = new byte[CHUNK];
  private int next;

  /** Up to here the buffer can be given; line ends from here on may prove to be the last. */
  private int sure;

  private int end;
  private boolean begins = true;
  private boolean isUtf16;

  TextStream(InputStream plain) {
    this.plain = plain;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (next == sure && !fill()) {
      return -1;
    }
    int given = Math.min(count, sure - next);
    System.arraycopy(buffer, next, into, offset, given);
    next += given;
    return given;
  }

  /** Reads until something else than line ends follows; returns whether it did. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, sure, buffer, 0, end - sure);
    end -= sure;
    next = 0;
    sure = 0;
    while (sure == 0) {
      if (end == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * end);
      }
      int count = plain.read(buffer, end, buffer.length - end);
      if (count < 0) {
        return false;
      }
      hash.add(buffer, end, count);
      end += count;
      sure = end;
      if (begins && end > 1) {
        begins = false;
        isUtf16 = isMark(buffer[0], buffer[1]) || isMark(buffer[1], buffer[0]);
      }
      while (!isUtf16 && sure > 0 && (buffer[sure - 1] == '\n' || buffer[sure - 1] == '\r')) {
        sure--;
      }
    }
    return true;
  }

  /** Whether two bytes are the mark of UTF-16, whose bytes alone say nothing of line ends. */
  private static boolean isMark(byte high, byte low) {
    return high == (byte) 0xFE && low == (byte) 0xFF;
  }

  /** SHA-256 of all bytes, in hex, once the text was read to its end. */
  String sha256() {
    return hash.hex();
  }
}
