package org.md4j.data.image;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;
import org.md4j.core.Sha256;
import org.md4j.data.DataException;
import org.md4j.file.FailureText;
import org.md4j.file.Packing;

/**
 * Bytes of a file, read at random by any number of threads; nothing of it is kept in memory.
 *
 * <p>What is packed by gzip is unpacked once, to a temporary file that is gone when this is closed
 * or the process ends.
 */
final class StoredBytes implements AutoCloseable {
  private static final int CHUNK = 1 << 20;

  private final String name;
  private final FileChannel channel;
  private final long size;
  private final String sha256;

  private StoredBytes(String name, FileChannel channel, long size, String sha256) {
    this.name = name;
    this.channel = channel;
    this.size = size;
    this.sha256 = sha256;
  }

  /** Opens a file and reads it through once; what is packed by gzip is unpacked. */
  static StoredBytes open(Path file) {
    String name = nameOf(file);
    if (!Files.isRegularFile(file)) {
      throw new DataException("data file (" + file + ") must be an existing file");
    }
    try {
      if (Packing.of(file) == Packing.GZIP) {
        try (InputStream packed = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
          return unpack(name, new GZIPInputStream(packed, CHUNK));
        }
      }
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      try (InputStream plain = Files.newInputStream(file)) {
        return new StoredBytes(name, channel, channel.size(), Sha256.of(plain));
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new DataException(
          "data file (%s) cannot be read to its end, is it whole? %s"
              .formatted(file, FailureText.reason(e)),
          e);
    }
  }

  /** Copies a stream to a temporary file. */
  static StoredBytes unpack(String name, InputStream plain) throws IOException {
    Path file = Files.createTempFile("md4-", ".data");
    // DELETE_ON_CLOSE leaves nothing behind even if the process is killed (on Unix at least).
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    try {
      CopyingStream copied = new CopyingStream(plain, channel);
      String sha256 = Sha256.of(copied);
      return new StoredBytes(name, channel, channel.size(), sha256);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The name of the file in errors and reports. */
  String name() {
    return name;
  }

  /** The number of bytes, unpacked. */
  long size() {
    return size;
  }

  /** SHA-256 of the unpacked bytes, in hex. */
  String sha256() {
    return sha256;
  }

  /** Fills {@code into} with the bytes from an offset on. */
  void read(long offset, byte[] into) {
    ByteBuffer buffer = ByteBuffer.wrap(into);
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, offset + buffer.position()) < 0) {
          throw new EOFException("it ends at byte " + channel.size());
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "%s cannot be read at byte %d: %s".formatted(name, offset, FailureText.reason(e)), e);
    }
  }

  byte[] read(long offset, int count) {
    byte[] bytes = new byte[count];
    read(offset, bytes);
    return bytes;
  }

  /** Streams all bytes from the start; not to be closed, and one such stream at a time. */
  InputStream stream() throws IOException {
    channel.position(0);
    return Channels.newInputStream(channel);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DataException(name + " cannot be closed: " + FailureText.reason(e), e);
    }
  }

  static String nameOf(Path file) {
    Path last = file.getFileName();
    return last == null ? file.toString() : last.toString();
  }

  /** Writes to a channel what passes through. */
  private static final class CopyingStream extends FilterInputStream {
    private final FileChannel copy;

    CopyingStream(InputStream in, FileChannel copy) {
      super(in);
      this.copy = copy;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
      int got = super.read(into, offset, count);
      ByteBuffer buffer = ByteBuffer.wrap(into, offset, Math.max(got, 0));
      while (buffer.hasRemaining()) {
        copy.write(buffer);
      }
      return got;
    }
  }
}
