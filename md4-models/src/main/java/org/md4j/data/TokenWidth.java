package org.md4j.data;

import java.nio.ByteBuffer;
import org.md4j.core.Vocabulary;

/** The number of bytes a stored token has; those of a file are in little-endian order. */
public enum TokenWidth {
  /** One byte, unsigned: vocabularies of up to 256 values. */
  BYTE(1),
  /** Two bytes, unsigned: vocabularies of up to 65,536 values. */
  SHORT(2),
  /** Four bytes, an {@code int}: every vocabulary. */
  INT(4);

  private final int bytes;

  TokenWidth(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the narrowest width that holds every real value of a vocabulary. */
  public static TokenWidth of(Vocabulary vocabulary) {
    if (vocabulary.size() <= 1 << Byte.SIZE) {
      return BYTE;
    }
    return vocabulary.size() <= 1 << Short.SIZE ? SHORT : INT;
  }

  /** The number of bytes of a token: 1, 2 or 4. */
  public int bytes() {
    return bytes;
  }

  /** Appends a token to a buffer, in the buffer's order. */
  void put(ByteBuffer buffer, int token) {
    switch (this) {
      case BYTE -> buffer.put((byte) token);
      case SHORT -> buffer.putShort((short) token);
      case INT -> buffer.putInt(token);
    }
  }
}
