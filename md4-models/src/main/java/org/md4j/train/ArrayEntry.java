package org.md4j.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.md4j.compute.NativeMemory;
import org.md4j.core.Sha256;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A flat FLOAT array as an entry of a checkpoint: little-endian floats, nothing else, stored
 * uncompressed. Passes through the Java heap a piece at a time.
 */
final class ArrayEntry {
  private static final int PIECE = 1 << 18;

  private final String name;
  private final INDArray array;
  private final String sha256;
  private final long crc32;

  /**
   * Makes the entry and goes through the array once for its checksums, which a stored entry needs
   * before its data.
   */
  ArrayEntry(String name, INDArray array) {
    this.name = name;
    this.array = array;
    Sha256 hash = new Sha256();
    CRC32 crc = new CRC32();
    try {
      forEachPiece(
          (bytes, length) -> {
            hash.add(bytes, 0, length);
            crc.update(bytes, 0, length);
          });
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read or written here", e);
    }
    sha256 = hash.hex();
    crc32 = crc.getValue();
  }

  String name() {
    return name;
  }

  String hash() {
    return sha256;
  }

  void write(ZipOutputStream zip) throws IOException {
    zip.putNextEntry(stored(name, array.length() * Float.BYTES, crc32));
    forEachPiece((bytes, length) -> zip.write(bytes, 0, length));
    zip.closeEntry();
  }

  /**
   * Makes an entry without compression and without the time of day, so that equal runs write equal
   * files.
   */
  static ZipEntry stored(String name, long size, long crc32) {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc32);
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    return entry;
  }

  /**
   * Reads an array.
   *
   * @return [count], FLOAT
   * @throws CheckpointException if the bytes are not those with this hash
   */
  static INDArray read(InputStream in, String name, long count, String sha256) throws IOException {
    NativeMemory.require(count * Float.BYTES);
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, new long[] {count}, 'c');
    Sha256 hash = new Sha256();
    for (long from = 0; from < count; from += PIECE) {
      int length = (int) Math.min(PIECE, count - from);
      byte[] bytes = in.readNBytes(length * Float.BYTES);
      if (bytes.length < length * Float.BYTES) {
        throw new CheckpointException(name + " ends too early");
      }
      hash.add(bytes, 0, bytes.length);
      float[] values = new float[length];
      floats(bytes).get(values);
      array.get(NDArrayIndex.interval(from, from + length)).assign(Nd4j.createFromArray(values));
    }
    if (!hash.hex().equals(sha256)) {
      throw new CheckpointException(name + " is damaged: its SHA-256 is not the one recorded");
    }
    return array;
  }

  @FunctionalInterface
  private interface PieceConsumer {
    void accept(byte[] bytes, int length) throws IOException;
  }

  /**
   * Visits the array piece by piece, with one piece of native memory and one of the heap for all of
   * it: the C library keeps what large copies once took, so that a copy for every piece would raise
   * the resident set for good.
   */
  private void forEachPiece(PieceConsumer consumer) throws IOException {
    INDArray flat = array.reshape(array.length());
    int most = (int) Math.min(PIECE, array.length());
    byte[] bytes = new byte[most * Float.BYTES];
    try (INDArray piece = Nd4j.createUninitialized(DataType.FLOAT, new long[] {most}, 'c')) {
      for (long from = 0; from < array.length(); from += PIECE) {
        int length = (int) Math.min(PIECE, array.length() - from);
        piece
            .get(NDArrayIndex.interval(0, length))
            .assign(flat.get(NDArrayIndex.interval(from, from + length)));
        floats(bytes).put(piece.data().asNioFloat().limit(length));
        consumer.accept(bytes, length * Float.BYTES);
      }
    }
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
