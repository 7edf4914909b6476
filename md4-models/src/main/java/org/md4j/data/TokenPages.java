package org.md4j.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.md4j.file.FailureText;

/**
 * Hands out pages to collect tokens in: on the heap up to a limit, beyond it in a scratch file that
 * is mapped into memory and has no name.
 */
final class TokenPages {
  /** The share of the heap that tokens of one sequence may take. */
  private static final int PART_OF_HEAP = 4;

  private static final int MAPPED_AT_ONCE = 1 << 26;
  private static final int WRITTEN_AT_ONCE = 1 << 20;

  private final int pageBytes;
  private final Path folder;
  private long heapLeft;
  private @Nullable FileChannel scratch;
  private ByteBuffer mapped = ByteBuffer.allocate(0);

  /**
   * No pages yet.
   *
   * @param pageBytes of each page, a power of two
   * @param mostOnHeap bytes of pages on the heap
   * @param folder of the scratch file
   */
  TokenPages(int pageBytes, long mostOnHeap, Path folder) {
    this.pageBytes = pageBytes;
    this.heapLeft = mostOnHeap;
    this.folder = folder;
  }

  /** Pages on a share of the heap, then in the usual folder for temporary files. */
  static TokenPages usual(int pageBytes) {
    return new TokenPages(
        pageBytes,
        Runtime.getRuntime().maxMemory() / PART_OF_HEAP,
        Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * Returns a page of zeros.
   *
   * @throws DataException if neither heap nor folder have room
   */
  ByteBuffer next() {
    if (heapLeft >= pageBytes) {
      heapLeft -= pageBytes;
      return ByteBuffer.allocate(pageBytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    try {
      if (!mapped.hasRemaining()) {
        mapped = mapMore();
      }
    } catch (IOException e) {
      throw new DataException(
          "tokens beyond a quarter of the heap must have room in folder (%s), and have not: %s; give Java more memory by -Xmx, or another folder by -Djava.io.tmpdir (./md4 takes TMPDIR)"
              .formatted(folder, FailureText.reason(e)),
          e);
    }
    ByteBuffer page = mapped.slice(mapped.position(), pageBytes).order(ByteOrder.LITTLE_ENDIAN);
    mapped.position(mapped.position() + pageBytes);
    return page;
  }

  private ByteBuffer mapMore() throws IOException {
    FileChannel file = scratch;
    if (file == null) {
      file = open();
      scratch = file;
    }
    long from = file.size();
    // A page of a file that is only said to be so long is a fault of memory where the disk is full.
    ByteBuffer zeros = ByteBuffer.allocate(WRITTEN_AT_ONCE);
    for (long at = from; at < from + MAPPED_AT_ONCE; at += file.write(zeros, at)) {
      zeros.clear();
    }
    return file.map(FileChannel.MapMode.READ_WRITE, from, MAPPED_AT_ONCE);
  }

  /** Opens a file that is gone when it, and what is mapped of it, is no longer in use. */
  private FileChannel open() throws IOException {
    Path file = Files.createTempFile(folder, "md4-tokens-", null);
    try {
      return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      if (!file.toFile().delete()) { // Where open files cannot be deleted.
        file.toFile().deleteOnExit();
      }
    }
  }
}
