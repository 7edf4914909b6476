package org.md4j.data.text;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import org.md4j.data.DataException;

/**
 * Characters of a stream that is UTF-8, or UTF-16 with a byte order mark. A mark at the start is no
 * part of the text. Bytes that are not what the encoding allows end in an error with their
 * position; nothing is replaced.
 */
final class StrictReader extends Reader {
  private static final int CHUNK = 1 << 16;
  private static final int LONGEST_MARK = 3;

  private final String name;
  private final InputStream stream;
  private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK).limit(0);
  private final CharBuffer characters = CharBuffer.allocate(CHUNK).limit(0);
  private final CharsetDecoder decoder;

  /** Bytes of the stream before those in the buffer. */
  private long before;

  private boolean ended;

  /**
   * Reads the start of a stream, which tells its encoding.
   *
   * @param name what errors call the text
   */
  StrictReader(String name, InputStream stream) throws IOException {
    this.name = name;
    this.stream = stream;
    while (bytes.remaining() < LONGEST_MARK && fill()) {}
    decoder = encoding().newDecoder();
  }

  private Charset encoding() {
    if (skip(0xEF, 0xBB, 0xBF)) {
      return UTF_8;
    }
    if (skip(0xFE, 0xFF)) {
      return UTF_16BE;
    }
    return skip(0xFF, 0xFE) ? UTF_16LE : UTF_8;
  }

  /** Skips a mark if the text begins with it. */
  private boolean skip(int... mark) {
    if (bytes.remaining() < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((bytes.get(i) & 0xFF) != mark[i]) {
        return false;
      }
    }
    bytes.position(mark.length);
    return true;
  }

  /** Reads more bytes behind those that wait; returns whether there were any. */
  private boolean fill() throws IOException {
    before += bytes.position();
    bytes.compact();
    int count = stream.read(bytes.array(), bytes.position(), bytes.remaining());
    bytes.position(bytes.position() + Math.max(0, count)).flip();
    ended = count < 0;
    return !ended;
  }

  @Override
  public int read(char[] into, int offset, int count) throws IOException {
    if (!characters.hasRemaining() && !decode()) {
      return -1;
    }
    int given = Math.min(count, characters.remaining());
    characters.get(into, offset, given);
    return given;
  }

  /** Decodes until there is a character; returns whether there is one. */
  private boolean decode() throws IOException {
    characters.clear();
    while (true) {
      CoderResult result = decoder.decode(bytes, characters, ended);
      if (result.isError()) {
        throw new DataException(
            "%s must be UTF-8, or UTF-16 with a byte order mark, got the byte 0x%02X at position %d"
                .formatted(name, bytes.get(bytes.position()), before + bytes.position()));
      }
      if (characters.position() > 0 || ended) {
        return characters.flip().hasRemaining();
      }
      fill();
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
