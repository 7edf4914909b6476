package org.md4j.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.md4j.file.FailureText;

/** Maps a file of tokens into memory, in segments since one mapping has at most 2 GB. */
final class MappedTokens {
  /** The logarithm of the bytes of a segment: 1 GB. */
  static final int SEGMENT_BITS = 30;

  private MappedTokens() {}

  /**
   * Maps a file; the mapping outlives the channel it is made with.
   *
   * @param segmentBits of the bytes of a segment
   * @throws DataException if there is no such file, it is empty, or its size is not a whole number
   *     of tokens
   */
  static TokenStore open(Path file, TokenWidth width, int segmentBits) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("data file (" + file + ") must be an existing file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long bytes = channel.size();
      if (bytes % width.bytes() != 0) {
        throw new DataException(
            "data file (%s) must hold tokens of %d bytes each, got %d bytes in all: is it whole, and of this width?"
                .formatted(file, width.bytes(), bytes));
      }
      List<ByteBuffer> segments = new ArrayList<>();
      for (long from = 0; from < bytes; from += 1L << segmentBits) {
        segments.add(
            channel
                .map(FileChannel.MapMode.READ_ONLY, from, Math.min(1L << segmentBits, bytes - from))
                .order(ByteOrder.LITTLE_ENDIAN));
      }
      int bits = segmentBits - Integer.numberOfTrailingZeros(width.bytes());
      return TokenStore.of(width, segments, bits, bytes / width.bytes());
    } catch (IOException e) {
      throw new DataException(
          "data file (%s) cannot be mapped into memory: %s".formatted(file, FailureText.reason(e)),
          e);
    }
  }
}
