package org.md4j.data.image;

import java.io.IOException;
import java.io.InputStream;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;

/**
 * A file that lies alone or in an archive.
 *
 * @param name without folders
 * @param bytes what it lies in
 * @param offset where it begins
 * @param size its bytes
 */
record FilePart(String name, StoredBytes bytes, long offset, long size) {
  /** Takes all of a file that lies alone. */
  static FilePart whole(StoredBytes bytes) {
    return new FilePart(bytes.name(), bytes, 0, bytes.size());
  }

  /** Reads bytes from a place in the file. */
  byte[] read(long at, int count) {
    if (at < 0 || count < 0 || at + count > size) {
      throw new DataException(
          "%s must have %d bytes at byte %d, got %d in all: is it whole?"
              .formatted(name, count, at, size));
    }
    return bytes.read(offset + at, count);
  }

  /** SHA-256 of the content, in hex. */
  String sha256() {
    if (offset == 0 && size == bytes.size()) {
      return bytes.sha256();
    }
    try {
      return Sha256.of(new Content(this));
    } catch (IOException e) {
      throw new DataException(name + " cannot be read: " + FailureText.reason(e), e);
    }
  }

  /** Streams the file from its start. */
  InputStream stream() {
    return new Content(this);
  }

  private static final class Content extends InputStream {
    private final FilePart file;
    private long at;

    Content(FilePart file) {
      this.file = file;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int count) {
      int got = (int) Math.min(count, file.size() - at);
      if (got <= 0) {
        return count == 0 ? 0 : -1;
      }
      System.arraycopy(file.read(at, got), 0, into, offset, got);
      at += got;
      return got;
    }
  }
}
